/**
 * Runs the stand-in for ClassLink in a process of its own: the library behind it is an ES module that the unit runner
 * does not load. Usage: node serve.mjs. Prints one line of JSON with the port. The roster behind it is made up here.
 */
import { register } from 'tsx/esm/api';

register();
const { openLoopback } = await import('../../../lib/local/http/loopback-server.ts');
const { CLASSLINK_HOSTS, runClassLink } = await import('../../../lib/local/classlink/server.ts');

const tenants = [{ tenantId: 2284, name: 'Maple', districtId: 'maple' }];
const known = {
  10022: { givenName: 'Maria', familyName: 'García', role: 'student', orgSourcedIds: ['2'], oldSourcedId: 'was-10022' },
  20001: { givenName: 'Ada', familyName: '<b>Lee</b>', role: 'administrator', orgSourcedIds: ['1', '2'] },
};
const people = {
  tenants: async () => tenants,
  some: async () => [],
  find: async (tenantId, user) => ({
    tenantId,
    tenantName: 'Maple',
    sourcedId: user,
    oldSourcedId: `old-${user}`,
    loginId: `login-${user}`,
    givenName: 'Unrostered',
    familyName: user,
    email: '',
    role: 'student',
    orgSourcedIds: [],
    ...known[user],
  }),
};
const server = await openLoopback({ port: 0, hosts: CLASSLINK_HOSTS });
const application = { clientId: 'vendor', clientSecret: 'vendor-secret', redirectUri: 'http://127.0.0.1:1/callback' };
await runClassLink(server, {
  application,
  applicationName: 'Product',
  people,
  onError: (error) => console.error(error),
});
console.log(JSON.stringify({ port: server.port }));

import { createDistricts } from '../../../lib/adapters/dynamodb/districts.ts';
import { createRosterTable } from '../../../lib/adapters/dynamodb/roster-table.ts';
import { createTableClient } from '../../../lib/adapters/dynamodb/table-client.ts';
import { DENIALS, type DenialCode, REFERENCE_BYTES, referenceOf } from '../../../lib/core/sso/denials.ts';
import { SUPPORT_WORDS } from '../../../lib/core/sso/support-words.ts';
import { explainReference } from '../../../lib/flows/sso/explain-reference.ts';
import { runPreflight } from '../../../lib/flows/sso/preflight.ts';
import { rehearseSignOn } from '../../../lib/flows/sso/rehearse-sign-on.ts';
import { TABLE } from '../../adapters/dynamodb-world.ts';
import { Browser, codeOf } from './browser.ts';
import { personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
beforeAll(() => world.open(), 60_000);
afterAll(() => world.close());

const settingsOf = async ({ districtId }: SomeDistrict) => {
  const found = await createDistricts(createTableClient(world.client, TABLE)).get(districtId);
  if (!found) throw new Error(districtId);
  return found.settings;
};
const ports = () => ({ ...world.ports, clients: world.ports.stage.clients });

/** What `why` answers about somebody, and what a launch of theirs answers. */
async function both(district: SomeDistrict, sourcedId: string) {
  const person = { sourcedId, username: `u-${sourcedId}` };
  const before = await world.dump();
  const rehearsed = await rehearseSignOn(ports(), await settingsOf(district), person);
  expect((await world.dump()) === before).toBe(true);
  const launched = await new Browser(world).launch(personOf(district, sourcedId, { UserId: '' }));
  return { rehearsed, launched };
}

test.each<[string, () => Promise<SomeDistrict>, string | null]>([
  ['an active student', () => world.district(), null],
  ['suspended', () => world.district({}, { suspended: true }), 'district-suspended'],
  ['before the first sync', () => world.district({}, {}, false), 'no-roster'],
  ['switched off', () => world.district({ roles: 'off' }), 'sso-off'],
  ['teachers only', () => world.district({ roles: 'teachers' }), 'role-not-allowed'],
  ['another school', () => world.district({ allowedSchools: ['school-2'] }), 'school-not-allowed'],
  ['a product that is not registered', () => world.district({ clientId: 'nobody' }), 'product-unknown'],
])('the rehearsal says what a launch says, and writes nothing: %s', async (_name, open, code) => {
  const district = await open();
  await world.user(district.districtId, { sourcedId: 'maria' });
  const { rehearsed, launched } = await both(district, 'maria');
  expect(rehearsed).toMatchObject({ couldSignIn: code === null, code });
  expect(codeOf(launched)).toBe(code ?? '');
  expect(launched.statusCode === 303).toBe(code === null);
});

test('somebody who is not there, who left, who moved on (R12)', async () => {
  const district = await world.district();
  await world.user(district.districtId, { sourcedId: 'gone', status: 'inactive' });
  await world.user(district.districtId, { sourcedId: 'old', status: 'inactive', movedTo: 'new' });
  await world.user(district.districtId, { sourcedId: 'new' });
  const codes: (string | null)[] = [];
  for (const sourcedId of ['nobody', 'gone', 'old', 'new']) {
    const { rehearsed, launched } = await both(district, sourcedId);
    expect(codeOf(launched)).toBe(rehearsed.code ?? '');
    codes.push(rehearsed.code);
  }
  expect(codes).toEqual(['not-in-roster', 'inactive', null, null]);
});

test('a district without a tenant: said first, and then what else there is', async () => {
  const district = await world.district();
  await world.user(district.districtId, { sourcedId: 'maria', enabledUser: false });
  await world.settings(district.districtId, { classLinkTenantId: null });
  const person = { sourcedId: 'maria', username: '' };
  const answer = await rehearseSignOn(ports(), await settingsOf(district), person);
  expect(answer.code).toBe('unknown-tenant');
  expect(answer.reasons).toEqual([
    expect.stringContaining('has no classLinkTenantId'),
    expect.stringContaining('enabledUser is false'),
  ]);
});

describe('a reference', () => {
  test('of a refused launch says when, where and what, and names nobody (R22)', async () => {
    const district = await world.district();
    const refused = await new Browser(world).launch(personOf(district, 'somebody-unknown'));
    const { reference, code } = JSON.parse(refused.body) as { reference: string; code: string };
    const found = await explainReference(world.ports, ` ${reference.toLowerCase().replaceAll('-', ' ')} `);
    expect(found).toMatchObject({ reference, code, known: true, districtId: district.districtId });
    expect(found?.at).toBe(world.clock.now().toISOString());
    expect(JSON.stringify(found)).not.toMatch(/somebody-unknown/);
  });

  test('that nobody keeps still says its kind', async () => {
    expect(await explainReference(world.ports, 'NI-0000-0000')).toMatchObject({ code: 'not-in-roster', known: false });
    for (const text of ['', 'XX-0000-0000', 'maria']) expect(await explainReference(world.ports, text)).toBeNull();
  });

  test('no advice replaces the whole of a district’s sign-on settings, which would open it wider than meant', () => {
    for (const { toDo } of Object.values(SUPPORT_WORDS)) expect(toDo).not.toMatch(/sso=/);
    expect(SUPPORT_WORDS['sso-off'].toDo).toContain('district set DISTRICT sso.roles=all');
  });

  test.each(Object.keys(DENIALS) as DenialCode[])(
    '%s: its first letters say it, with or without a row',
    async (code) => {
      const reference = referenceOf(code, world.ports.chance.bytes(REFERENCE_BYTES));
      const words = { reference, code, ...SUPPORT_WORDS[code] };
      expect(await explainReference(world.ports, reference)).toMatchObject({ ...words, known: false, at: null });
      const row = { reference, code, launchId: 'launch', districtId: 'maple', sourcedId: null };
      await world.ports.denials.save({ ...row, at: '2026-01-01T00:00:00.000Z' });
      expect(await explainReference(world.ports, reference)).toMatchObject({
        ...words,
        known: true,
        districtId: 'maple',
      });
    },
  );
});

describe('preflight', () => {
  const table = () => createRosterTable(createTableClient(world.client, TABLE));
  const preflight = async (district: SomeDistrict, limit = 50) =>
    runPreflight({ ...ports(), table: table() }, await settingsOf(district), { limit });

  test('agrees with a launch of each of them, damaged records too', async () => {
    const district = await world.district({ roles: 'students' });
    const { districtId } = district;
    await world.user(districtId, { sourcedId: 'a-fine' });
    await world.user(districtId, { sourcedId: 'b-disabled', enabledUser: false });
    await world.user(districtId, { sourcedId: 'c-teacher', role: 'teacher', schools: ['school-2'] });
    await world.user(districtId, { sourcedId: 'd-left', status: 'inactive' });
    await world.user(districtId, { sourcedId: 'e-manual', source: 'manual' });
    await world.user(districtId, { sourcedId: 'f-no-product', productId: '' });
    const report = await preflight(district);
    expect(report).toMatchObject({ users: 4, couldSignIn: 1, couldNot: 3, doubtful: 0, closedBy: [] });
    expect(report.listed.map(({ sourcedId, codes }) => [sourcedId, ...codes])).toEqual([
      ['b-disabled', 'disabled'],
      ['c-teacher', 'role-not-allowed'],
      ['f-no-product', 'not-in-roster'],
    ]);
    expect([...report.schools].map(([school, { users, couldNot }]) => [school, users, couldNot])).toEqual([
      ['school-1', 3, 2],
      ['school-2', 1, 1],
    ]);
    for (const { sourcedId, codes } of report.listed)
      expect(codeOf(await new Browser(world).launch(personOf(district, sourcedId)))).toBe(codes[0]);
    expect((await new Browser(world).launch(personOf(district, 'a-fine'))).statusCode).toBe(303);
  });

  test('two who share a username are doubtful; of more than are listed the rest is counted', async () => {
    const district = await world.district();
    for (const sourcedId of ['x', 'y', 'z'])
      await world.user(district.districtId, { sourcedId, username: sourcedId === 'z' ? 'alone' : 'shared' });
    const report = await preflight(district, 1);
    expect(report).toMatchObject({ couldSignIn: 3, couldNot: 0, doubtful: 2, byCode: { 'doubled-username': 2 } });
    expect(report).toMatchObject({ listed: [{ sourcedId: 'x' }], notListed: 1 });
  });
});

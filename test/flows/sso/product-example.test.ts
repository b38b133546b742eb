import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { ROUTES } from '../../../lambdas/sso/routes.ts';
import { createGateway } from '../../../lib/local/http/gateway.ts';
import { Browser, locationOf, pathOf } from './browser.ts';
import { PRODUCT, personOf, SECRETS, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const EXAMPLE = join(import.meta.dirname, '../../../docs/examples/product-sign-on.mjs');
const world = new SignOnWorld();
let district: SomeDistrict;
let server: Server;
let example: ChildProcess;
let origin: string;
let issuer: string;
/** The sign-on answers 500 and nothing else. */
let down = false;

async function freePort(): Promise<number> {
  const socket = createSocketServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  return port;
}

beforeAll(async () => {
  await world.open();
  // The example lives in real time.
  world.clock.advanceSeconds((Date.now() - world.clock.now().getTime()) / 1000);
  district = await world.district();
  await world.user(district.districtId, { sourcedId: 'maria' });
  const routes = Object.entries(ROUTES).flatMap(([path, { methods }]) =>
    Object.keys(methods).map((method) => ({ method, path })),
  );
  const handler = (event: unknown) => {
    if (down) throw new Error('down');
    return world.handle(event as Parameters<typeof world.handle>[0]);
  };
  server = createServer(createGateway({ routes, functionName: 'sso', handler, onError: () => undefined }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  const client = { ...PRODUCT, redirectUris: [`${origin}/signed-in`], initiateLoginUri: `${origin}/sign-in` };
  world.wire({ ISSUER_URL: issuer, PRODUCT_CLIENTS: JSON.stringify([client]) });
  const env = {
    ISSUER: issuer,
    CLIENT_ID: 'product',
    CLIENT_SECRET: SECRETS['product'],
    ORIGIN: origin,
    PORT: String(port),
  };
  example = spawn(process.execPath, [EXAMPLE], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(example.stdout as NodeJS.ReadableStream, 'data');
}, 60_000);
afterAll(async () => {
  example.kill();
  server.closeAllConnections();
  server.close();
  await world.close();
});

/** A browser at the example: cookies, and no redirects followed but the one home. */
class Tab {
  readonly jar = new Map<string, string>();

  async open(address: string): Promise<Response> {
    const cookie = [...this.jar].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.jar.set(name, value);
    }
    return response.headers.get('location') === '/' ? this.open(`${origin}/`) : response;
  }
}

/** A launch as Maria in this browser, up to the address at the example that ends the sign-in. */
async function almostIn(tab: Tab, browser = new Browser(world)): Promise<string> {
  const begun = await tab.open(locationOf(await browser.launch(personOf(district, 'maria'))));
  return locationOf(await browser.get(pathOf(begun.headers.get('location') ?? '')));
}

const somebody = () => ({
  signedIn: true,
  sub: `pid-${district.districtId}-maria`,
  role: 'student',
  schools: ['school-1'],
});
const shown = async (tab: Tab) => (await tab.open(`${origin}/`)).json();

test('the example of docs/sso.md signs a student in, refreshes, and notices the end', async () => {
  const tab = new Tab();
  const address = await almostIn(tab);
  // In another browser the same address is worth nothing: the product's state is not there.
  expect((await new Tab().open(address)).status).toBe(403);
  expect(await (await tab.open(address)).json()).toEqual(somebody());
  expect(await shown(tab)).toEqual(somebody());
  await world.user(district.districtId, { sourcedId: 'maria', status: 'inactive' });
  const ended = await tab.open(`${origin}/`);
  expect([ended.status, await ended.json()]).toEqual([401, { signedIn: false }]);
  await world.user(district.districtId, { sourcedId: 'maria' });
  expect((await tab.open(`${origin}/`)).status).toBe(401);
});

test('a sign-on that is down ends no session of the example', async () => {
  const tab = new Tab();
  await tab.open(await almostIn(tab));
  down = true;
  const meanwhile = await tab.open(`${origin}/`);
  down = false;
  expect(meanwhile.status).toBe(503);
  expect(await shown(tab)).toEqual(somebody());
});

test('two tabs that open at once both show who is signed in', async () => {
  const [tab, browser] = [new Tab(), new Browser(world)];
  const addresses = [await almostIn(tab, browser), await almostIn(tab, browser)];
  for (const address of addresses) expect(await (await tab.open(address)).json()).toEqual(somebody());
});

test('a tab without a launch of its own goes home, where another one has signed in', async () => {
  const [tab, browser] = [new Tab(), new Browser(world)];
  await tab.open(await almostIn(tab, browser));
  const begun = await tab.open(`${origin}/sign-in?iss=${encodeURIComponent(issuer)}`);
  const address = locationOf(await browser.get(pathOf(begun.headers.get('location') ?? '')));
  expect(address).toContain('error=login_required');
  expect(await (await tab.open(address)).json()).toEqual(somebody());
  const nobody = new Tab();
  const again = await nobody.open(`${origin}/sign-in?iss=${encodeURIComponent(issuer)}`);
  const refused = locationOf(await new Browser(world).get(pathOf(again.headers.get('location') ?? '')));
  expect((await nobody.open(refused)).status).toBe(403);
});

test.each<[string, (address: string) => string]>([
  ['a code that nobody gave out, with a state of nobody', () => `${origin}/signed-in?code=junk&state=junk`],
  ['a code without a state', () => `${origin}/signed-in?code=junk`],
  ['an error', () => `${origin}/signed-in?error=login_required&state=junk`],
  ['another code under the right state', (address) => address.replace(/code=[^&]+/, 'code=junk')],
])('%s takes nobody’s session away at the example', async (_name, pushed) => {
  const tab = new Tab();
  await tab.open(await almostIn(tab));
  const first = new Map(tab.jar);
  // Whoever sits there has begun to sign in once more.
  const address = await almostIn(tab);
  for (const _twice of [1, 2]) {
    const answer = await tab.open(pushed(address));
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
  }
  expect(await shown(tab)).toEqual(somebody());
  // And whoever signs in once more leaves the cookie of before worth nothing.
  await tab.open(await almostIn(tab));
  const old = new Tab();
  for (const [name, value] of first) old.jar.set(name, value);
  expect((await old.open(`${origin}/`)).status).toBe(401);
});

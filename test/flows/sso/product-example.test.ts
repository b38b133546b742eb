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
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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

const open = (address: string, cookie = '') => fetch(address, { redirect: 'manual', headers: { cookie } });

const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

/** A launch as Maria, up to the address at the example that ends the sign-in; the browser's cookie after it. */
async function almostIn(before = ''): Promise<{ readonly address: string; readonly cookie: string }> {
  const browser = new Browser(world);
  const begun = await open(locationOf(await browser.launch(personOf(district, 'maria'))), before);
  const address = locationOf(await browser.get(pathOf(begun.headers.get('location') ?? '')));
  return { address, cookie: cookieOf(begun) };
}

const somebody = () => ({
  signedIn: true,
  sub: `pid-${district.districtId}-maria`,
  role: 'student',
  schools: ['school-1'],
});

test('the example of docs/sso.md signs a student in, refreshes, and notices the end', async () => {
  const { address, cookie } = await almostIn();
  // In another browser the same address is worth nothing: the product's state is not there.
  expect((await open(address)).status).toBe(403);
  expect(await (await open(address, cookie)).json()).toEqual(somebody());
  expect(await (await open(`${origin}/`, cookie)).json()).toEqual(somebody());
  await world.user(district.districtId, { sourcedId: 'maria', status: 'inactive' });
  const ended = await open(`${origin}/`, cookie);
  expect([ended.status, await ended.json()]).toEqual([401, { signedIn: false }]);
  await world.user(district.districtId, { sourcedId: 'maria' });
  expect((await open(`${origin}/`, cookie)).status).toBe(401);
});

test('a sign-on that is down ends no session of the example', async () => {
  const { address, cookie } = await almostIn();
  await open(address, cookie);
  down = true;
  const meanwhile = await open(`${origin}/`, cookie);
  down = false;
  expect(meanwhile.status).toBe(503);
  expect(await (await open(`${origin}/`, cookie)).json()).toEqual(somebody());
});

test.each<[string, (address: string) => string]>([
  ['a code that nobody gave out, with a state of nobody', () => `${origin}/signed-in?code=junk&state=junk`],
  ['a code without a state', () => `${origin}/signed-in?code=junk`],
  ['an error', () => `${origin}/signed-in?error=login_required&state=junk`],
  ['another code under the right state', (address) => address.replace(/code=[^&]+/, 'code=junk')],
])('%s takes nobody’s session away at the example', async (_name, pushed) => {
  const first = await almostIn();
  await open(first.address, first.cookie);
  // Whoever sits there has begun to sign in once more.
  const { address, cookie } = await almostIn(first.cookie);
  for (const _twice of [1, 2]) {
    const answer = await open(pushed(address), cookie);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
  }
  expect(await (await open(`${origin}/`, cookie)).json()).toEqual(somebody());
  // The cookie of before is nobody's.
  expect((await open(`${origin}/`, first.cookie)).status).toBe(401);
});

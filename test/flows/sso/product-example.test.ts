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
  const handler = (event: unknown) => world.handle(event as Parameters<typeof world.handle>[0]);
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

test('the example of docs/sso.md signs a student in, refreshes, and notices the end', async () => {
  const browser = new Browser(world);
  const begun = await open(locationOf(await browser.launch(personOf(district, 'maria'))));
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const answered = locationOf(await browser.get(pathOf(begun.headers.get('location') ?? '')));
  const somebody = { signedIn: true, sub: `pid-${district.districtId}-maria`, role: 'student', schools: ['school-1'] };
  // In another browser the same address is worth nothing: the product's state is not there.
  expect((await open(answered)).status).toBe(403);
  const signedIn = await open(answered, cookie);
  expect(await signedIn.json()).toEqual(somebody);
  expect(await (await open(`${origin}/`, cookie)).json()).toEqual(somebody);
  await world.user(district.districtId, { sourcedId: 'maria', status: 'inactive' });
  expect(await (await open(`${origin}/`, cookie)).json()).toEqual({ signedIn: false });
});

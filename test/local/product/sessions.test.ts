import { type LoopbackServer, openLoopback } from '../../../lib/local/http/loopback-server.ts';
import { createPendingSignIns, type PendingSignIns } from '../../../lib/local/product/pending-sign-ins.ts';
import type { PendingSignIn, RelyingParty, RenewedTokens, Tokens } from '../../../lib/local/product/relying-party.ts';
import { createProductSessions, type ProductSessions } from '../../../lib/local/product/sessions.ts';

const seconds = () => Math.floor(Date.now() / 1000);
const tokensOf = (sub: string, life = 600): Tokens => ({
  claims: { sub, district: 'maple', role: 'student', schools: ['2'], exp: seconds() + life },
  refreshToken: `refresh-${sub}`,
  idToken: `id-${sub}`,
});
const pendingOf = (state: string): PendingSignIn => ({ state, nonce: `n-${state}`, verifier: `v-${state}` });

let server: LoopbackServer;
let sessions: ProductSessions;
let pendings: PendingSignIns;
/** What the other side was asked, and how it answers. */
let asked: string[] = [];
let refresh: () => Promise<RenewedTokens | null>;

beforeAll(async () => {
  server = await openLoopback({ port: 0, hosts: ['127.0.0.1'] });
  server.answer(async (request, response) => {
    let [action = '', value = '', life] = (request.url ?? '').slice(1).split('/');
    // As a tab whose cookie is an earlier one.
    if (action === 'with') [request.headers.cookie, action, value] = [`product_session=${value}`, life ?? '', ''];
    let said: unknown = null;
    if (action === 'open') sessions.open(request, response, tokensOf(value, Number(life ?? 600)));
    if (action === 'has') said = sessions.has(request);
    if (action === 'look') said = await sessions.look(request, response);
    if (action === 'close') said = sessions.close(request, response);
    if (action === 'remember') pendings.remember(request, response, pendingOf(value));
    if (action === 'take') said = pendings.take(request, response, value);
    if (action === 'cookie') said = /product_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    response.end(JSON.stringify(said));
  });
});
afterAll(() => server.close());

function start(renewAfterSeconds: number): void {
  asked = [];
  refresh = async () => tokensOf('ann');
  const party = {
    refresh: (token: string) => {
      asked.push(token);
      return refresh();
    },
  } as unknown as RelyingParty;
  pendings = createPendingSignIns();
  sessions = createProductSessions({ party, renewAfterSeconds, onError: () => {} });
}

/** A browser's requests, one after the other, with its cookies. */
function openBrowser(): (path: string) => Promise<unknown> {
  const cookies = new Map<string, string>();
  return async (path) => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(`http://127.0.0.1:${server.port}/${path}`, { headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (set.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response.json();
  };
}

const IN = { state: 'signed-in', claims: expect.objectContaining({ sub: 'ann' }) };

test('a fresh token is relied on without asking', async () => {
  start(60);
  const browser = openBrowser();
  await browser('open/ann');
  expect(await browser('look')).toEqual(IN);
  expect(asked).toEqual([]);
  expect(await openBrowser()('look')).toEqual({ state: 'signed-out' });
});

test.each([
  ['one that is old', 0, 600],
  ['one near its end', 600, 59],
])('a token is renewed: %s', async (_, renewAfter, life) => {
  start(renewAfter);
  const browser = openBrowser();
  await browser(`open/ann/${life}`);
  expect(await browser('look')).toEqual(IN);
  expect(asked).toEqual(['refresh-ann']);
});

test('two tabs make one renewal', async () => {
  start(0);
  const browser = openBrowser();
  await browser('open/ann');
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  refresh = async () => gate.then(() => tokensOf('ann'));
  const looks = Promise.all([browser('look'), browser('look')]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  release();
  expect(await looks).toEqual([IN, IN]);
  expect(asked).toHaveLength(1);
});

test('a refused renewal ends the session for good (R21)', async () => {
  start(0);
  const browser = openBrowser();
  await browser('open/ann');
  refresh = async () => null;
  expect(await browser('look')).toEqual({ state: 'ended' });
  refresh = async () => tokensOf('ann');
  expect(await browser('look')).toEqual({ state: 'signed-out' });
});

test.each([
  ['still good', 600, IN],
  ['over', -1, { state: 'unreachable' }],
])('where nobody answers, a token that is %s decides', async (_, life, expected) => {
  start(0);
  const browser = openBrowser();
  await browser(`open/ann/${life}`);
  refresh = () => Promise.reject(new Error('down'));
  expect(await browser('look')).toEqual(expected);
});

test('a new session replaces the browser’s earlier one; signing out ends it, and tells by which id_token, once', async () => {
  // Every look renews: the id_token stays that of the sign-in.
  start(0);
  refresh = async () => ({ claims: tokensOf('ann').claims, refreshToken: 'refresh-ann' });
  const browser = openBrowser();
  await browser('open/bob');
  await browser('open/ann');
  expect(await browser('look')).toEqual(IN);
  expect(await browser('close')).toBe('id-ann');
  expect(await browser('look')).toEqual({ state: 'signed-out' });
  expect(await browser('close')).toBeNull();
});

test('a state is taken once, by the browser that was sent off with it; four may be under way', async () => {
  start(60);
  const [mine, other] = [openBrowser(), openBrowser()];
  for (const state of ['a', 'b', 'c', 'd', 'e']) await mine(`remember/${state}`);
  await other('remember/x');
  expect(await other('take/e')).toBeNull();
  expect(await mine('take/e')).toEqual(pendingOf('e'));
  expect(await mine('take/e')).toBeNull();
  expect(await mine('take/b')).toEqual(pendingOf('b'));
  expect(await mine('take/a')).toBeNull();
});

test('two tabs that are sent off at the same time both come back', async () => {
  start(60);
  const browser = openBrowser();
  await Promise.all([browser('remember/a'), browser('remember/b')]);
  expect(await Promise.all([browser('take/a'), browser('take/b')])).toEqual([pendingOf('a'), pendingOf('b')]);
});

test('a second tab of the same person does not part the first one from its session; signing out ends both', async () => {
  start(60);
  const [browser, tab] = [openBrowser(), openBrowser()];
  await browser('open/ann');
  const cookie = await browser('cookie');
  await browser('open/ann');
  expect(await tab(`with/${cookie}/look`)).toEqual(IN);
  await browser('close');
  expect(await tab(`with/${cookie}/look`)).toEqual({ state: 'signed-out' });
});

test('the id of somebody else before is worth nothing at once', async () => {
  start(60);
  const [browser, tab] = [openBrowser(), openBrowser()];
  await browser('open/bob');
  expect(await browser('has')).toBe(true);
  const cookie = await browser('cookie');
  await browser('open/ann');
  expect(await tab(`with/${cookie}/look`)).toEqual({ state: 'signed-out' });
});

import { Browser, callToken, claimsOf, codeOf, locationOf, pathOf, productLogin, redeem, refresh } from './browser.ts';
import { ISSUER, OTHER_PRODUCT, PRODUCT, personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
let district: SomeDistrict;
let victim: Browser;
let attacker: Browser;
beforeAll(async () => {
  await world.open();
  district = await world.district();
  for (const sourcedId of ['maria', 'mallory']) await world.user(district.districtId, { sourcedId });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  victim = new Browser(world);
  attacker = new Browser(world);
});

const maria = () => personOf(district, 'maria');
const mallory = () => personOf(district, 'mallory');
const isSignedIn = async (browser: Browser) => (await browser.productSignIn()).status === 200;

/** A browser's launch, up to the product's code; the product has not redeemed it yet. */
async function productCode(browser: Browser): Promise<{ code: string; verifier: string }> {
  const login = productLogin();
  const answer = new URL(locationOf(await browser.get(login.url)));
  return { code: answer.searchParams.get('code') ?? '', verifier: login.verifier };
}

describe('login CSRF: an attacker wants the victim in as the attacker', () => {
  test("code injection at ClassLink's end: the attacker's code without a state is dropped", async () => {
    const first = await victim.get(`/callback?code=${world.classLink.tileCode(mallory())}`);
    await victim.get(pathOf(world.classLink.authorize(locationOf(first), maria()).href));
    expect(claimsOf((await victim.productSignIn()).id_token)['sub']).toContain('maria');
  });

  test("code injection at ClassLink's end: the attacker's code with the victim's own state fails at the nonce and PKCE", async () => {
    const ofVictim = new URL(await victim.clickTile(maria()), ISSUER);
    const ofAttacker = new URL(await attacker.clickTile(mallory()), ISSUER);
    ofVictim.searchParams.set('code', ofAttacker.searchParams.get('code') ?? '');
    expect(codeOf(await victim.get(ofVictim.pathname + ofVictim.search))).toBe('code-refused');
    expect(await isSignedIn(victim)).toBe(false);
  });

  test('state of another browser', async () => {
    const callback = await attacker.clickTile(mallory());
    expect(codeOf(await victim.get(callback))).toBe('cookies-blocked');
    expect(await isSignedIn(victim)).toBe(false);
  });

  test('state of another browser, while the victim has a launch of their own', async () => {
    await victim.clickTile(maria());
    expect(codeOf(await victim.get(await attacker.clickTile(mallory())))).toBe('cookies-blocked');
    expect(await isSignedIn(victim)).toBe(false);
  });

  test("code injection at our end: an attacker's code of ours does not pass the victim's product login", async () => {
    await attacker.launch(mallory());
    const { code } = await productCode(attacker);
    const ofVictim = productLogin();
    expect((await redeem(world, code, ofVictim.verifier)).error).toBe('invalid_grant');
  });

  test('mix-up: an answer that names another issuer', async () => {
    const callback = await victim.clickTile(maria());
    expect(codeOf(await victim.get(`${callback}&iss=${encodeURIComponent('https://evil.test')}`))).toBe(
      'token-invalid',
    );
    const login = productLogin();
    const answer = new URL(locationOf(await victim.get(login.url)));
    expect(answer.searchParams.get('iss')).toBe(ISSUER);
  });
});

describe('replay', () => {
  test('replayed state in another browser, after it was used', async () => {
    const callback = await victim.clickTile(maria());
    await victim.get(callback);
    const answer = await attacker.get(callback);
    expect(codeOf(answer)).toBe('launch-used');
    expect([...attacker.jar.keys()]).toEqual([]);
    expect(await isSignedIn(attacker)).toBe(false);
  });

  test('replayed state with the stolen launch cookie exchanges no second code', async () => {
    const callback = await victim.clickTile(maria());
    const stolen = new Map(victim.jar);
    await victim.get(callback);
    const { id_token: hint = '' } = await victim.productSignIn();
    await victim.get(`/logout?id_token_hint=${hint}`);
    for (const [name, value] of stolen) attacker.jar.set(name, value);
    world.classLink.calls = [];
    expect(codeOf(await attacker.get(callback))).toBe('launch-used');
    expect(world.classLink.calls).toEqual([]);
  });

  test('50 callbacks at once exchange the code once', async () => {
    const callback = await victim.clickTile(maria());
    world.classLink.calls = [];
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => victim.send('GET', callback, undefined, {}, false)),
    );
    expect(world.classLink.calls.filter(({ path }) => path === '/token')).toHaveLength(1);
    expect(answers.every(({ statusCode }) => statusCode === 303)).toBe(true);
    expect(
      answers.filter((answer) => answer.headers['location']?.startsWith(PRODUCT.initiateLoginUri)),
    ).not.toHaveLength(0);
  });

  test('replayed nonce: each launch has its own', async () => {
    const nonces = new Set<string | null>();
    for (let i = 0; i < 5; i++) nonces.add(new URL(locationOf(await victim.get('/launch'))).searchParams.get('nonce'));
    expect(nonces.size).toBe(5);
  });
});

describe('one-time codes', () => {
  test('twice: refused, and the session of the first use is over', async () => {
    await victim.launch(maria());
    const { code, verifier } = await productCode(victim);
    const first = await redeem(world, code, verifier);
    expect(first.status).toBe(200);
    expect((await redeem(world, code, verifier)).error).toBe('invalid_grant');
    expect((await refresh(world, first.refresh_token)).error).toBe('invalid_grant');
  });

  test('in a race of 50, at most one gets tokens, and the session is over', async () => {
    await victim.launch(maria());
    const { code, verifier } = await productCode(victim);
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(world, code, verifier)));
    // A second use that is quicker than the first one's own check of the session leaves nobody with tokens.
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ error }) => error === 'invalid_grant')).toHaveLength(50 - winners.length);
    for (const { refresh_token: token } of winners) expect((await refresh(world, token)).error).toBe('invalid_grant');
    const sessionId = (victim.jar.get('__Host-rollcall-session') ?? '').split('.')[0] ?? '';
    expect((await world.ports.sessions.get(sessionId))?.endedBy).toBe('code-reuse');
  });

  test('after 60 seconds', async () => {
    await victim.launch(maria());
    const { code, verifier } = await productCode(victim);
    world.clock.advanceSeconds(60);
    expect((await redeem(world, code, verifier)).error).toBe('invalid_grant');
  });

  test('by another client', async () => {
    await victim.launch(maria());
    const { code, verifier } = await productCode(victim);
    expect((await redeem(world, code, verifier, 'other')).error).toBe('invalid_grant');
    expect((await redeem(world, code, verifier)).error).toBe('invalid_grant');
  });

  test.each([
    ['another verifier', { code_verifier: 'x'.repeat(43) }],
    ['the challenge as the verifier', { code_verifier: '' }],
    ['another redirect URI', { redirect_uri: 'https://product.test/other' }],
    ['no redirect URI', { redirect_uri: '' }],
  ])('with %s', async (_name, change) => {
    await victim.launch(maria());
    const { code, verifier } = await productCode(victim);
    const form = {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: PRODUCT.redirectUris[0] ?? '',
    };
    expect((await callToken(world, { ...form, ...change })).status).toBe(400);
  });

  test('the hand-off: single use, two minutes, this browser', async () => {
    await victim.launch(maria());
    const [name = '', handOff = ''] = victim.named('handoff')[0] ?? [];
    expect(await isSignedIn(victim)).toBe(true);
    attacker.jar.set(name, handOff);
    expect(await isSignedIn(attacker)).toBe(false);
    await victim.launch(maria());
    world.clock.advanceSeconds(120);
    expect(await isSignedIn(victim)).toBe(false);
  });

  test('the hand-off for one product is none for another', async () => {
    await victim.launch(maria());
    const { url } = productLogin({ client_id: 'other', redirect_uri: OTHER_PRODUCT.redirectUris[0] ?? '' });
    expect(locationOf(await victim.get(url))).toContain('error=login_required');
  });
});

describe('sessions', () => {
  test('session fixation: a session that an attacker planted is not the one that the victim gets', async () => {
    const planted = await attacker.signIn(mallory());
    victim.jar.set('__Host-rollcall-session', attacker.jar.get('__Host-rollcall-session') ?? '');
    const own = await victim.signIn(maria());
    expect(claimsOf(own.id_token)['sid']).not.toBe(claimsOf(planted.id_token)['sid']);
    expect(victim.jar.get('__Host-rollcall-session')).not.toBe(attacker.jar.get('__Host-rollcall-session'));
    expect((await refresh(world, planted.refresh_token)).error).toBe('invalid_grant');
  });

  test('session fixation: a planted session signs nobody in', async () => {
    await attacker.signIn(mallory());
    victim.jar.set('__Host-rollcall-session', attacker.jar.get('__Host-rollcall-session') ?? '');
    expect(await isSignedIn(victim)).toBe(false);
  });

  test('session fixation: the id of a session, which tokens show, neither ends it nor takes it over', async () => {
    const callback = await victim.clickTile(maria());
    await victim.get(callback);
    const tokens = await victim.productSignIn();
    const cookie = `${String(claimsOf(tokens.id_token)['sid'])}.${'x'.repeat(43)}`;
    attacker.jar.set('__Host-rollcall-session', cookie);
    expect(codeOf(await attacker.get(callback))).toBe('launch-used');
    attacker.jar.set('__Host-rollcall-session', cookie);
    await attacker.get('/logout');
    expect((await refresh(world, tokens.refresh_token)).status).toBe(200);
  });

  test('cookie tossing: every cookie is __Host-, Secure, HttpOnly, without a domain', async () => {
    const lines = [await victim.get('/launch'), await victim.launch(maria()), await victim.get('/logout')].flatMap(
      ({ cookies }) => cookies,
    );
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines)
      expect(line).toMatch(
        /^__Host-rollcall-[^=]+=[^;]*; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=(Lax|Strict)$/,
      );
  });

  test("cookie tossing: another launch's sealed cookie under the name of this one", async () => {
    const callback = new URL(await attacker.clickTile(mallory()), ISSUER);
    const [name = ''] = attacker.named('launch')[0] ?? [];
    await victim.clickTile(maria());
    const [, own = ''] = victim.named('launch')[0] ?? [];
    victim.jar.clear();
    victim.jar.set(name, own);
    expect(codeOf(await victim.get(callback.pathname + callback.search))).toBe('cookies-blocked');
  });

  test('cookie tossing: a cookie that was sealed for another purpose, cut, or flipped opens nothing', async () => {
    const sealed = await world.ports.seals.seal('confirm', { launchId: 'x' }, 600);
    const cases = [sealed, sealed.slice(0, -1), `A${sealed.slice(1)}`, '', '{}', 'x'.repeat(5000)];
    for (const text of cases) expect(await world.ports.seals.open('launch', text)).toBeNull();
  });

  test('refresh token of another client', async () => {
    const tokens = await victim.signIn(maria());
    expect((await refresh(world, tokens.refresh_token, 'other')).error).toBe('invalid_grant');
    expect((await refresh(world, tokens.refresh_token)).status).toBe(200);
  });

  test('refresh token of a revoked session; only its own client may revoke it', async () => {
    const { refresh_token: token = '' } = await victim.signIn(maria());
    expect((await callToken(world, { token }, 'other', '/revoke')).status).toBe(200);
    expect((await refresh(world, token)).status).toBe(200);
    expect((await callToken(world, { token }, 'product', '/revoke')).status).toBe(200);
    expect((await callToken(world, { token: 'never-ours' }, 'product', '/revoke')).status).toBe(200);
    expect((await refresh(world, token)).error).toBe('invalid_grant');
  });

  test('an access token is no refresh token, and an id_token no access token', async () => {
    const { access_token, id_token } = await victim.signIn(maria());
    expect((await refresh(world, access_token)).error).toBe('invalid_grant');
    const headerOf = (jwt = '') => JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as object;
    expect(headerOf(access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(headerOf(id_token)).toMatchObject({ alg: 'ES256', typ: 'JWT' });
  });

  test('secrets are stored as hashes only', async () => {
    await victim.launch(maria());
    const [, handOff = ''] = victim.named('handoff')[0] ?? [];
    const [, browserId = ''] = victim.named('browser')[0] ?? [];
    const { code, verifier } = await productCode(victim);
    const { refresh_token: refreshToken = '' } = await redeem(world, code, verifier);
    const secret = (victim.jar.get('__Host-rollcall-session') ?? '').split('.')[1] ?? '';
    const rows = await world.dump();
    for (const text of [handOff, code, verifier, refreshToken, secret, browserId.slice(7)]) {
      expect(text).toMatch(/^[\w-]{43}$/);
      expect(rows).not.toContain(text);
    }
  });
});

describe('redirects and headers', () => {
  test.each([
    ['an unregistered address', { redirect_uri: 'https://evil.test/' }],
    ['a registered one with more behind it', { redirect_uri: `${PRODUCT.redirectUris[0]}/../evil` }],
    ['a registered one in another case', { redirect_uri: 'https://product.test/Signed-In' }],
    ['user info before the host', { redirect_uri: 'https://product.test@evil.test/signed-in' }],
    ["another client's address", { redirect_uri: OTHER_PRODUCT.redirectUris[0] ?? '' }],
    ['none', { redirect_uri: '' }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a client called like a part of every object', { client_id: '__proto__' }],
  ])('open redirect: /authorize with %s never leaves', async (_name, change) => {
    await victim.launch(maria());
    const answer = await victim.get(productLogin(change).url);
    expect(codeOf(answer)).toBe('bad-request');
    expect(answer.headers['location']).toBeUndefined();
    expect(await isSignedIn(victim)).toBe(true);
  });

  test.each(['https://evil.test/', 'https://product.test/bye/x', '//evil.test', 'javascript:alert(1)'])(
    'open redirect: /logout to %s stays here',
    async (uri) => {
      const answer = await victim.get(`/logout?client_id=product&post_logout_redirect_uri=${encodeURIComponent(uri)}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['location']).toBeUndefined();
    },
  );

  test('open redirect: /launch and /callback take no address from the request', async () => {
    for (const path of ['/launch', '/callback']) {
      const query = 'target_link_uri=https://evil.test&redirect_uri=https://evil.test&next=//evil.test';
      expect(locationOf(await victim.get(`${path}?${query}`))).not.toContain('evil');
    }
  });

  test('header injection: line breaks in state come back encoded, in the state alone', async () => {
    const state = 'x\r\nSet-Cookie: a=b\r\n\r\n<script>';
    const answer = await victim.get(productLogin({ state }).url);
    for (const value of [...Object.values(answer.headers), ...answer.cookies]) expect(value).not.toMatch(/[\r\n]/);
    expect(new URL(locationOf(answer)).searchParams.get('state')).toBe(state);
  });

  test('parameter pollution: a parameter that stands twice is refused', async () => {
    const { url } = productLogin();
    const answer = await victim.get(`${url}&redirect_uri=https://evil.test`);
    expect(answer.statusCode).toBe(400);
    expect((await victim.get('/callback?code=a&code=b')).statusCode).toBe(400);
  });

  test('1 MB in a query, a body, a header, a cookie', async () => {
    const huge = 'x'.repeat(1_000_000);
    expect((await victim.get(`/callback?code=${huge}`)).statusCode).toBe(413);
    expect((await victim.send('POST', '/callback', { csrf: huge })).statusCode).toBe(413);
    expect((await victim.get('/launch', { 'x-long': huge })).statusCode).toBe(431);
    victim.jar.set('__Host-rollcall-session', huge);
    expect((await victim.get('/launch')).statusCode).toBe(431);
  });
});

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { newSigningKey } from '../../../lib/adapters/secrets/new-secret.ts';
import { rotateSigningKeys } from '../../../lib/core/sso/signing-keys.ts';
import { Browser, callToken, claimsOf, codeOf, locationOf, productLogin, redeem, refresh } from './browser.ts';
import { ISSUER, OTHER_PRODUCT, personOf, SECRETS, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
let district: SomeDistrict;
let browser: Browser;
beforeAll(() => world.open(), 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  browser = new Browser(world);
  district = await world.district();
  await world.user(district.districtId, { sourcedId: 'maria' });
});

const maria = () => personOf(district, 'maria');
const json = async (path: string) => JSON.parse((await browser.get(path)).body) as Record<string, unknown>;

describe('documents', () => {
  test('discovery names what is there', async () => {
    const found = await json('/.well-known/openid-configuration');
    expect(found).toMatchObject({
      issuer: ISSUER,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
    });
    for (const name of ['authorization_endpoint', 'end_session_endpoint', 'jwks_uri']) {
      expect((await browser.get(String(found[name]))).statusCode).not.toBe(404);
    }
    for (const name of ['token_endpoint', 'revocation_endpoint']) {
      expect((await browser.get(String(found[name]))).statusCode).toBe(405);
    }
  });

  test('the key set shows public halves only', async () => {
    const { keys } = (await json('/.well-known/jwks.json')) as unknown as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  test.each([
    ['GET', '/token', 405],
    ['POST', '/authorize', 405],
    ['DELETE', '/callback', 405],
    ['GET', '/', 404],
    ['GET', '/constructor', 404],
    ['GET', '/healthz', 200],
  ])('%s %s is %i', async (method, path, status) => {
    const { statusCode, headers } = await browser.send(method, path);
    expect(statusCode).toBe(status);
    if (status !== 200) expect(headers['content-type']).toBe('application/problem+json');
  });
});

describe('authorize', () => {
  test.each([
    ['response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
    ['no openid', { scope: 'profile' }, 'invalid_scope'],
    ['PKCE plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no PKCE method', { code_challenge_method: '' }, 'invalid_request'],
    ['no challenge', { code_challenge: '' }, 'invalid_request'],
    ['a request object', { request: 'a.b.c' }, 'request_not_supported'],
    ['a request URI', { request_uri: 'https://evil.test' }, 'request_uri_not_supported'],
    ['response_mode=fragment', { response_mode: 'fragment' }, 'invalid_request'],
  ])('%s goes back as an error, and the hand-off stays', async (_name, change, error) => {
    await browser.launch(maria());
    const login = productLogin(change);
    const answer = new URL(locationOf(await browser.get(login.url)));
    expect(answer.searchParams.get('error')).toBe(error);
    expect(answer.searchParams.get('state')).toBe(login.state);
    expect((await browser.productSignIn()).status).toBe(200);
  });

  test('a district with a product of its own is handed over there', async () => {
    await world.settings(district.districtId, {}, { clientId: 'other' });
    const launched = await browser.launch(maria());
    expect(locationOf(launched)).toMatch(/^https:\/\/other\.test\/go\?from=sso&iss=/);
    expect((await browser.productSignIn()).error).toBe('login_required');
    await browser.launch(maria());
    const { url, verifier } = productLogin({ client_id: 'other', redirect_uri: OTHER_PRODUCT.redirectUris[0] ?? '' });
    const answer = new URL(locationOf(await browser.get(url)));
    expect(answer.searchParams.get('x')).toBe('1');
    const tokens = await callToken(
      world,
      {
        grant_type: 'authorization_code',
        code: answer.searchParams.get('code') ?? '',
        code_verifier: verifier,
        redirect_uri: OTHER_PRODUCT.redirectUris[0] ?? '',
      },
      'other',
    );
    expect(claimsOf(tokens.access_token)['aud']).toBe('other');
  });
});

describe('token', () => {
  test('tokens verify with the published keys and say what a product needs', async () => {
    await browser.launch(maria());
    const login = productLogin();
    const code = new URL(locationOf(await browser.get(login.url))).searchParams.get('code') ?? '';
    const tokens = await redeem(world, code, login.verifier);
    const keys = createLocalJWKSet((await json('/.well-known/jwks.json')) as unknown as JSONWebKeySet);
    const options = { issuer: ISSUER, audience: 'product', algorithms: ['ES256'], currentDate: world.clock.now() };
    const access = await jwtVerify(tokens.access_token ?? '', keys, { ...options, typ: 'at+jwt' });
    expect((access.payload.exp ?? 0) - (access.payload.iat ?? 0)).toBe(600);
    const id = await jwtVerify(tokens.id_token ?? '', keys, { ...options, typ: 'JWT' });
    expect(id.payload).toMatchObject({ nonce: login.nonce, sub: access.payload.sub, sid: access.payload['sid'] });
    expect(JSON.stringify([access.payload, id.payload])).not.toMatch(/Maria|Garcia|"maria"|@/);
  });

  test.each([
    ['no credentials', {}, undefined],
    ['a wrong secret', {}, 'Basic cHJvZHVjdDp3cm9uZw=='],
    ['an unknown client', {}, `Basic ${Buffer.from('nobody:product-secret').toString('base64')}`],
    [
      'two ways at once',
      { client_id: 'product', client_secret: 'product-secret' },
      `Basic ${Buffer.from('product:product-secret').toString('base64')}`,
    ],
    ['a wrong secret in the form', { client_id: 'product', client_secret: 'wrong' }, undefined],
    ["another client's secret", { client_id: 'product', client_secret: SECRETS['other'] ?? '' }, undefined],
    ['a client called __proto__', { client_id: '__proto__', client_secret: 'x' }, undefined],
    ['no Basic', {}, 'Bearer x'],
    ['Basic and no more', {}, 'Basic'],
    ['one character', {}, 'Basic A'],
    ['base64 of an impossible length', {}, 'Basic cHJvZHVjdDpwcm9kdWN0LXNlY3JldA==A'],
    ['padding alone', {}, 'Basic =='],
    ['padding that is too much', {}, 'Basic cHJvZA==='],
    ['no colon inside', {}, `Basic ${Buffer.from('product').toString('base64')}`],
    ['letters of base64url', {}, 'Basic cHJv-_Z='],
    ['bytes that are no text', {}, `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0xff]).toString('base64')}`],
    ['a broken percent code', {}, `Basic ${Buffer.from('product%:product-secret').toString('base64')}`],
    ['two credentials in one header', {}, 'Basic cHJvZHVjdDp4,Basic cHJvZHVjdDp4'],
    ['4 KB of it', {}, `Basic ${'A'.repeat(4096)}`],
  ])('%s: 401, all alike', async (_name, form, authorization) => {
    const answer = await browser.send(
      'POST',
      '/token',
      { grant_type: 'refresh_token', ...form },
      authorization ? { authorization } : {},
    );
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Basic realm="rollcall"');
    expect(JSON.parse(answer.body)).toEqual({
      error: 'invalid_client',
      error_description: 'client authentication failed',
    });
  });

  test('the secret may come in the form', async () => {
    const form = { grant_type: 'password', client_id: 'product', client_secret: 'product-secret' };
    const answer = await browser.send('POST', '/token', form);
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
      400,
      expect.objectContaining({ error: 'unsupported_grant_type' }),
    ]);
  });

  test('a JSON body is refused', async () => {
    const answer = await browser.send('POST', '/token', { a: 'b' }, { 'content-type': 'application/json' });
    expect(answer.statusCode).toBe(415);
  });

  test('two nodes that refresh at once log nobody out', async () => {
    const { refresh_token: token } = await browser.signIn(maria());
    const answers = await Promise.all([1, 2, 3].map(() => refresh(world, token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[0]?.refresh_token).toBeUndefined();
  });
});

// What ends it: ended-access.test.ts.
describe('R21: how long a session lasts', () => {
  const user = (fields: object) => () => world.user(district.districtId, { sourcedId: 'maria', ...fields });

  test('a re-key moves the session along', async () => {
    const productId = `pid-${district.districtId}-maria`;
    const { refresh_token: token } = await browser.signIn(maria());
    await world.user(district.districtId, { sourcedId: 'maria-2', productId, schools: ['school-7'] });
    await user({ status: 'inactive', movedTo: 'maria-2', productId: 'pid-fresh' })();
    const { access_token } = await refresh(world, token);
    expect(claimsOf(access_token)).toMatchObject({ sub: productId, schools: ['school-7'] });
  });

  test('idle limit, per role', async () => {
    await world.settings(
      district.districtId,
      {},
      {
        sessions: {
          student: { idleMinutes: 20, absoluteMinutes: 720 },
          others: { idleMinutes: 60, absoluteMinutes: 720 },
        },
      },
    );
    await world.user(district.districtId, { sourcedId: 'teacher', role: 'teacher' });
    const student = await browser.signIn(maria());
    const teacher = await new Browser(world).signIn(personOf(district, 'teacher'));
    world.clock.advanceSeconds(19 * 60);
    expect((await refresh(world, student.refresh_token)).status).toBe(200);
    world.clock.advanceSeconds(20 * 60);
    expect((await refresh(world, student.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(world, teacher.refresh_token)).status).toBe(200);
  });

  test('absolute limit: a code of the last minutes gives no token that outlives it', async () => {
    await world.settings(
      district.districtId,
      {},
      {
        sessions: {
          student: { idleMinutes: 15, absoluteMinutes: 15 },
          others: { idleMinutes: 15, absoluteMinutes: 15 },
        },
      },
    );
    const callback = await browser.clickTile(maria());
    await browser.get(callback);
    world.clock.advanceSeconds(590);
    // Reload of the callback: on to the product again, with the same session (R19).
    await browser.get(callback);
    const { id_token, access_token } = await browser.productSignIn();
    for (const token of [id_token, access_token]) {
      const { exp, iat } = claimsOf(token) as { exp: number; iat: number };
      expect(exp - iat).toBe(900 - 590);
    }
  });

  test('absolute limit, and the last token ends with it', async () => {
    const { refresh_token: token } = await browser.signIn(maria());
    for (let minutes = 0; minutes < 715; minutes += 55) {
      expect((await refresh(world, token)).status).toBe(200);
      world.clock.advanceSeconds(55 * 60);
    }
    const late = await refresh(world, token);
    const { exp, iat } = claimsOf(late.access_token) as { exp: number; iat: number };
    expect(exp - iat).toBe(720 * 60 - 13 * 55 * 60);
    world.clock.advanceSeconds(exp - iat);
    expect((await refresh(world, token)).error).toBe('invalid_grant');
  });
});

describe('rotation', () => {
  test('of signing keys: tokens of before verify, and the next key was shown before it signed', async () => {
    const before = await browser.signIn(maria());
    const shown = (await json('/.well-known/jwks.json')) as unknown as JSONWebKeySet;
    world.clock.advanceSeconds(24 * 3600);
    const rotation = rotateSigningKeys(world.secret.signingKeys, newSigningKey(), world.clock.now());
    if (rotation.done === 'too-early') throw new Error('too early');
    world.secret = { ...world.secret, signingKeys: rotation.keys };
    const after = await browser.signIn(maria());
    const now = (await json('/.well-known/jwks.json')) as unknown as JSONWebKeySet;
    const options = { algorithms: ['ES256'], currentDate: new Date(0) };
    // An old copy of the set knows the key that signs now; the new set knows the key that signed before.
    await expect(jwtVerify(after.access_token ?? '', createLocalJWKSet(shown), options)).resolves.toBeDefined();
    await expect(jwtVerify(before.access_token ?? '', createLocalJWKSet(now), options)).resolves.toBeDefined();
    expect(now.keys).toHaveLength(3);
  });

  test('of cookie keys: a launch that is under way comes through; a key that is gone opens nothing', async () => {
    const [callback, other] = [await browser.clickTile(maria()), new Browser(world)];
    const lost = await other.clickTile(maria());
    const fresh = { kid: 'fresh', key: Buffer.alloc(32, 7).toString('base64url') };
    const { cookieKeys } = world.secret;
    world.secret = { ...world.secret, cookieKeys: [fresh, ...cookieKeys] };
    expect((await browser.get(callback)).statusCode).toBe(303);
    world.secret = { ...world.secret, cookieKeys: [fresh] };
    expect(locationOf(await other.get(lost))).toContain('/authorize?');
    world.secret = { ...world.secret, cookieKeys };
    expect(codeOf(await browser.get('/callback?error=x'))).toBe('classlink-refused');
  });

  test("of a client's secret: old and new work side by side", async () => {
    const { clientSecretHashes } = world.secret;
    world.secret = {
      ...world.secret,
      clientSecretHashes: { product: [...(clientSecretHashes['product'] ?? []), world.ports.chance.hash('new')] },
    };
    for (const client_secret of ['product-secret', 'new']) {
      const answer = await browser.send('POST', '/token', { grant_type: 'x', client_id: 'product', client_secret });
      expect(answer.statusCode).toBe(400);
    }
    world.secret = { ...world.secret, clientSecretHashes };
  });
});

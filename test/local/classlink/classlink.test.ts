import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { Browser } from './browser.ts';

let child: ChildProcess;
let port = 0;
const at = (path: string) => `http://127.0.0.1:${port}${path}`;

beforeAll(async () => {
  const script = join(import.meta.dirname, 'serve.mjs');
  child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout! }), 'line');
  port = JSON.parse(line).port;
});
afterAll(async () => {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
});

const REDIRECT = 'http://127.0.0.1:1/callback';
const authorize = (extra = '&state=s1&nonce=n1') =>
  `/oauth2/v2/auth?client_id=vendor&response_type=code&scope=${encodeURIComponent('openid profile email oneroster')}` +
  `&redirect_uri=${encodeURIComponent(REDIRECT)}${extra}`;

async function signedIn(user = '10022', tenant = '2284'): Promise<Browser> {
  const browser = new Browser(port);
  expect((await browser.send('/launchpad/sign-in', { user, tenant })).status).toBe(303);
  return browser;
}

const exchange = (code: string | null, more: Record<string, string> = {}) =>
  fetch(at('/oauth2/v2/token'), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: code ?? '',
      client_id: 'vendor',
      client_secret: 'vendor-secret',
      redirect_uri: REDIRECT,
      ...more,
    }),
  });

interface TokenAnswer {
  readonly access_token: string;
  readonly id_token: string;
}

/** Who ClassLink says a browser is, from a code to my/info. */
async function identity(browser: Browser) {
  const back = (await browser.follow(authorize())) as URL;
  const tokens = (await (await exchange(back.searchParams.get('code'))).json()) as TokenAnswer;
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const info = (await (await fetch(at('/v2/my/info'), { headers })).json()) as Record<string, unknown>;
  return { back, tokens, claims: decodeJwt(tokens.id_token), info };
}

const keySet = async () => createLocalJWKSet((await (await fetch(at('/oauth2/v2/jwks'))).json()) as never);

const switchTo = async (switches: Record<string, string>) =>
  expect((await new Browser(port).send('/launchpad/switches', switches)).status).toBe(303);

test('a click on the icon lands on the redirect URI with a code and no state', async () => {
  const browser = await signedIn();
  const answer = await browser.send('/launchpad/tile');
  const target = new URL(answer.headers.get('location') ?? '');
  expect([answer.status, target.origin + target.pathname]).toEqual([302, REDIRECT]);
  expect([...target.searchParams.keys()].sort()).toEqual(['code', 'response_type']);
  const { id_token } = (await (await exchange(target.searchParams.get('code'))).json()) as TokenAnswer;
  // Asked for by nobody, and yet with a nonce, as in the published sample.
  expect(decodeJwt(id_token)).toMatchObject({ aud: 'vendor', nonce: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('a sign-in that the application asks for is answered silently, with its state and nonce', async () => {
  const { back, claims } = await identity(await signedIn());
  expect(back.searchParams.get('state')).toBe('s1');
  expect(back.searchParams.get('response_type')).toBe('code');
  expect(back.searchParams.has('iss')).toBe(false);
  expect(claims['nonce']).toBe('n1');
});

test('the token response has an odd response_type and no expires_in; the access token is opaque', async () => {
  const { tokens } = await identity(await signedIn());
  expect(Object.keys(tokens).sort()).toEqual(['access_token', 'id_token', 'response_type', 'token_type']);
  expect(tokens).toMatchObject({ token_type: 'Bearer', response_type: 'code' });
  expect(tokens.access_token).not.toContain('.');
});

test('the identity token is RS256, lives for a day, and has no nbf', async () => {
  const { tokens, claims } = await identity(await signedIn());
  const options = { issuer: `http://localhost:${port}`, audience: 'vendor', algorithms: ['RS256'] };
  await jwtVerify(tokens.id_token, await keySet(), options);
  expect(decodeProtectedHeader(tokens.id_token)).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  expect(claims).not.toHaveProperty('nbf');
  expect(claims.exp! - claims.iat!).toBe(86_400);
  expect(claims).toMatchObject({ auth_time: expect.any(Number), given_name: 'Maria', profile: 'Student' });
});

test('my/info has ClassLink’s names and types: integer TenantId and UserId, capitalised Role, OrgId a list or blank', async () => {
  const { info, claims } = await identity(await signedIn());
  expect(info).toMatchObject({
    TenantId: 2284,
    SourcedId: '10022',
    Role: 'Student',
    Role_Level: 4,
    OrgId: ['2'],
    LoginId: 'login-10022',
  });
  expect(Number.isSafeInteger(info['UserId'])).toBe(true);
  expect(claims.sub).toBe(String(info['UserId']));
  expect(claims).toMatchObject({ classLink_tenant_id: 2284, classLink_sourcedId: '10022' });
  expect((await identity(await signedIn('stranger'))).info).toMatchObject({ OrgId: '', SourcedId: 'stranger' });
  expect((await identity(await signedIn('20001'))).info).toMatchObject({ Role: 'Teacher' });
});

test('the same login in two tenants is two accounts, and one account stays the same', async () => {
  const ids = [];
  for (const tenant of ['2284', '2284', '9'])
    ids.push((await identity(await signedIn('10022', tenant))).info['UserId']);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('two launches pending in one browser: both codes are good, and both tokens', async () => {
  const browser = await signedIn();
  const codes: (string | null)[] = [];
  for (const state of ['s1', 's2'])
    codes.push(((await browser.follow(authorize(`&state=${state}&nonce=n1`))) as URL).searchParams.get('code'));
  const tokens: TokenAnswer[] = [];
  for (const code of codes) tokens.push((await (await exchange(code)).json()) as TokenAnswer);
  for (const { access_token } of tokens) {
    const headers = { authorization: `Bearer ${access_token}` };
    expect(await (await fetch(at('/v2/my/info'), { headers })).json()).toMatchObject({ SourcedId: '10022' });
  }
});

test('a code is good once, for its own redirect URI and with the secret, by form or by Basic', async () => {
  const browser = await signedIn();
  const code = async () => ((await browser.follow(authorize())) as URL).searchParams.get('code');
  expect((await exchange(await code(), { client_secret: 'wrong' })).status).toBe(401);
  expect((await exchange(await code(), { redirect_uri: 'http://127.0.0.1:1/other' })).status).toBe(400);
  const once = await code();
  expect((await exchange(once)).status).toBe(200);
  expect((await exchange(once)).status).toBe(400);
  const basic = await fetch(at('/oauth2/v2/token'), {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('vendor:vendor-secret')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: (await code()) ?? '', redirect_uri: REDIRECT }),
  });
  expect(basic.status).toBe(200);
});

test('the verifier of a challenge is asked for, although PKCE is not advertised', async () => {
  const challenge = '&state=s&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const back = (await (await signedIn()).follow(authorize(challenge))) as URL;
  expect((await exchange(back.searchParams.get('code'), { code_verifier: 'x'.repeat(43) })).status).toBe(400);
  const discovery = await (await fetch(at('/.well-known/openid-configuration'))).json();
  expect(discovery).not.toHaveProperty('code_challenge_methods_supported');
  expect(discovery).toMatchObject({
    issuer: `http://localhost:${port}`,
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_endpoint: expect.stringMatching(/\/oauth2\/v2\/auth$/),
  });
});

test('who is not signed in gets the login page, and goes on from there', async () => {
  const browser = new Browser(port);
  const page = (await browser.follow(authorize())) as Response;
  const request = /name="request" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  expect(request).not.toBe('');
  const answer = await browser.send('/launchpad/sign-in', { user: '10022', tenant: 'maple', request });
  const back = (await browser.follow(answer.headers.get('location') ?? '')) as URL;
  expect(back.searchParams.get('state')).toBe('s1');
});

test('a second person in the same browser is the second person', async () => {
  const browser = await signedIn('10022');
  expect((await identity(browser)).info).toMatchObject({ SourcedId: '10022' });
  await browser.send('/launchpad/sign-in', { user: '20001', tenant: '2284' });
  expect((await identity(browser)).info).toMatchObject({ SourcedId: '20001' });
  await browser.send('/launchpad/sign-out', {});
  expect((await browser.send('/launchpad/tile')).status).toBe(401);
  expect(await browser.follow(authorize())).toBeInstanceOf(Response);
});

test.each([
  ['no user', { tenant: '2284' }],
  ['no tenant', { user: '10022' }],
  ['a tenant that is no number', { user: '10022', tenant: 'elm' }],
])('a sign-in with %s is refused', async (_, form) => {
  const answer = await new Browser(port).send('/launchpad/sign-in', form as Record<string, string>);
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
});

test('a form of another site signs nobody in', async () => {
  const answer = await new Browser(port).send(
    '/launchpad/sign-in',
    { user: '1', tenant: '2284' },
    { origin: 'http://evil.example' },
  );
  expect(answer.status).toBe(403);
});

test('the LaunchPad page shows the icon, and names as text', async () => {
  const page = await (await (await signedIn('20001')).send('/launchpad')).text();
  expect(page).toContain('href="/launchpad/tile"');
  expect(page).toContain('Product');
  expect(page).not.toContain('<b>Lee');
});

describe('switches', () => {
  const off = { down: 'off', slow: 'off', 'wrong-key': 'off', 'rotated-key': 'off', 'wrong-aud': 'off' };
  afterEach(() => switchTo({ ...off, 'old-sourced-id': 'off', 'blank-sourced-id': 'off', 'access-denied': 'off' }));

  test('are told to scripts, are known in other spellings, and refuse what they do not know', async () => {
    await switchTo({ wrongAud: 'on' });
    const all = await new Browser(port).send('/launchpad/switches', undefined, { accept: 'application/json' });
    expect(await all.json()).toMatchObject({ 'wrong-aud': true, down: false });
    expect((await new Browser(port).send('/launchpad/switches', { slow: 'on', quick: 'on' })).status).toBe(400);
    const after = await new Browser(port).send('/launchpad/switches', undefined, { accept: 'application/json' });
    expect(await after.json()).toMatchObject({ slow: false });
  });

  test('down cuts servers off; people still see LaunchPad', async () => {
    const browser = await signedIn();
    await switchTo({ down: 'on' });
    await expect(exchange('x')).rejects.toThrow();
    await expect(fetch(at('/oauth2/v2/jwks'))).rejects.toThrow();
    expect((await browser.send('/launchpad/tile')).status).toBe(302);
  });

  test('slow keeps a server waiting', async () => {
    await switchTo({ slow: 'on' });
    const signal = AbortSignal.timeout(500);
    await expect(fetch(at('/v2/my/info'), { signal })).rejects.toThrow(/timeout/);
  });

  test('wrong-key signs under a published name with a key that is not', async () => {
    await switchTo({ 'wrong-key': 'on' });
    const { tokens } = await identity(await signedIn());
    await expect(jwtVerify(tokens.id_token, await keySet())).rejects.toThrow('signature verification failed');
  });

  test('rotated-key signs with a new key that is published beside the old one', async () => {
    const before = await keySet();
    await switchTo({ 'rotated-key': 'on' });
    const { tokens } = await identity(await signedIn());
    await expect(jwtVerify(tokens.id_token, before)).rejects.toThrow('no applicable key found');
    await jwtVerify(tokens.id_token, await keySet());
    expect((await keySet()).jwks()?.keys).toHaveLength(2);
  });

  test('wrong-aud signs well for another application', async () => {
    await switchTo({ 'wrong-aud': 'on' });
    const { tokens } = await identity(await signedIn());
    const { payload } = await jwtVerify(tokens.id_token, await keySet());
    expect(payload.aud).toBe('another-application');
  });

  test.each([
    ['old-sourced-id', 'was-10022'],
    ['blank-sourced-id', ''],
  ])('%s makes my/info and the claims say %j', async (name, expected) => {
    await switchTo({ [name]: 'on' });
    const { info, claims } = await identity(await signedIn());
    expect([info['SourcedId'], claims['classLink_sourcedId']]).toEqual([expected, expected]);
  });

  test('access-denied sends the browser back with an error and its state', async () => {
    const browser = await signedIn();
    await switchTo({ 'access-denied': 'on' });
    const back = (await browser.follow(authorize())) as URL;
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: 'access_denied', state: 's1' });
    const tile = (await browser.follow('/launchpad/tile')) as URL;
    expect(Object.fromEntries(tile.searchParams)).toEqual({ error: 'access_denied' });
  });
});

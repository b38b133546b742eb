import { Browser, callToken, claimsOf, codeOf, locationOf, refresh, type TokenAnswer } from './browser.ts';
import { ISSUER, PRODUCT, personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
let district: SomeDistrict;
let browser: Browser;
beforeAll(() => world.open(), 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  browser = new Browser(world);
  district = await world.district();
  for (const sourcedId of ['maria', 'mallory']) await world.user(district.districtId, { sourcedId });
});

const maria = () => personOf(district, 'maria');
const BYE = PRODUCT.postLogoutRedirectUris[0] ?? '';
const csrfOf = ({ body }: { readonly body: string }) => /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
const lives = async ({ refresh_token }: TokenAnswer) => (await refresh(world, refresh_token)).status === 200;

describe('logout by the product, with the id_token of the session', () => {
  test('ends the session and goes back to the registered address', async () => {
    const tokens = await browser.signIn(maria());
    const query = new URLSearchParams({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: BYE,
      state: 's&t',
    });
    expect(locationOf(await browser.get(`/logout?${query}`))).toBe('https://product.test/bye?state=s%26t');
    expect(browser.rest).toEqual([]);
    expect(await lives(tokens)).toBe(false);
  });

  test('also as a form, which comes without our cookies; the cookie stays until the next launch', async () => {
    const tokens = await browser.signIn(maria());
    world.clock.advanceSeconds(3000);
    const answer = await new Browser(world).send('POST', '/logout', { id_token_hint: tokens.id_token ?? '' });
    expect(answer.statusCode).toBe(200);
    expect(answer.cookies.join()).not.toContain('rollcall-session');
    expect(await lives(tokens)).toBe(false);
  });

  test('also where /revoke came first', async () => {
    const { id_token: hint = '', refresh_token: token = '' } = await browser.signIn(maria());
    await callToken(world, { token }, 'product', '/revoke');
    const query = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: BYE });
    expect(locationOf(await browser.get(`/logout?${query}`))).toBe(BYE);
    expect(browser.rest).toEqual([]);
  });

  test('a forged hint ends nothing', async () => {
    const tokens = await browser.signIn(maria());
    await new Browser(world).get(`/logout?id_token_hint=${(tokens.id_token ?? '').slice(0, -4)}AAAA`);
    expect(await lives(tokens)).toBe(true);
  });
});

describe('forced logout: a request of another site signs nobody out', () => {
  let victim: TokenAnswer;
  beforeEach(async () => {
    victim = await browser.signIn(maria());
  });

  test.each<[string, () => Promise<Record<string, string>>]>([
    ['with nothing', async () => ({})],
    ['with a client that is registered', async () => ({ client_id: 'product', post_logout_redirect_uri: BYE })],
    ['with a broken hint', async () => ({ id_token_hint: 'a.b.c' })],
    [
      "with the attacker's own id_token",
      async () => {
        const own = await new Browser(world).signIn(personOf(district, 'mallory'));
        return { id_token_hint: own.id_token ?? '', post_logout_redirect_uri: BYE };
      },
    ],
    ["with the victim's access token", async () => ({ id_token_hint: victim.access_token ?? '' })],
  ])('a link %s: the page asks', async (_name, parameters) => {
    const page = await browser.get(`/logout?${new URLSearchParams(await parameters())}`, { accept: 'text/html' });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Sign out of this app?');
    expect(page.headers['location']).toBeUndefined();
    expect(browser.jar.has('__Host-rollcall-session')).toBe(true);
    expect(await lives(victim)).toBe(true);
  });

  test('a form, with or without our cookies, neither signs out nor takes the cookie away', async () => {
    const page = await browser.send('POST', '/logout', { csrf: '' }, { origin: 'https://evil.test' });
    expect(page.body).toContain('Sign out of this app?');
    // As browsers send it: SameSite=Lax cookies stay at home.
    const bare = await new Browser(world).send(
      'POST',
      '/logout',
      { client_id: 'product', post_logout_redirect_uri: BYE, state: 'x&y' },
      { origin: 'https://evil.test' },
    );
    expect(bare.cookies).toEqual([]);
    const asked = await browser.get(locationOf(bare), { accept: 'text/html' });
    expect(asked.headers['content-security-policy']).toContain("form-action 'self' https://product.test");
    expect(await lives(victim)).toBe(true);
  });

  test('a form with a hint of the attacker does not part the browser from its session', async () => {
    const own = await new Browser(world).signIn(personOf(district, 'mallory'));
    const answer = await new Browser(world).send('POST', '/logout', { id_token_hint: own.id_token ?? '' });
    expect(answer.cookies.join()).not.toContain('rollcall-session');
    await browser.signIn(personOf(district, 'mallory'));
    expect(await lives(victim)).toBe(false);
  });
});

describe('logout by the person', () => {
  const ask = (query = '') => browser.get(`/logout${query}`, { accept: 'text/html' });

  test('one button signs out, and goes on to the registered address', async () => {
    const tokens = await browser.signIn(maria());
    const page = await ask(`?client_id=product&post_logout_redirect_uri=${encodeURIComponent(BYE)}&state=1`);
    // Without a referrer, browsers send the form with `Origin: null`.
    expect(page.headers['referrer-policy']).toBe('same-origin');
    const yes = await browser.send('POST', '/logout', { csrf: csrfOf(page) }, { origin: ISSUER });
    expect(locationOf(yes)).toBe(`${BYE}?state=1`);
    expect(browser.rest).toEqual([]);
    expect(await lives(tokens)).toBe(false);
  });

  test('who wants to stay goes back to the product, and stays', async () => {
    const tokens = await browser.signIn(maria());
    const page = await ask();
    expect(/<a href="([^"]+)">Stay signed in<\/a>/.exec(page.body)?.[1]).toBe('https://product.test/');
    expect(await lives(tokens)).toBe(true);
  });

  test('where the product is not registered any more, the page says how to stay', async () => {
    const tokens = await browser.signIn(maria());
    world.wire({ PRODUCT_CLIENTS: JSON.stringify([{ ...PRODUCT, clientId: 'another' }]) });
    const page = await ask();
    world.wire();
    expect(page.body).toContain('To stay signed in, close this page.');
    expect(await lives(tokens)).toBe(true);
  });

  test('without an address: our own page', async () => {
    await browser.signIn(maria());
    const yes = await browser.send('POST', '/logout', { csrf: csrfOf(await ask()) }, { accept: 'text/html' });
    expect(yes.body).toContain('You are signed out of this app');
  });

  test.each<[string, (csrf: string) => [form: Record<string, string>, headers: Record<string, string>]]>([
    ['without the CSRF token', () => [{}, { origin: ISSUER }]],
    ['with another CSRF token', () => [{ csrf: 'x'.repeat(43) }, { origin: ISSUER }]],
    ['from another site', (csrf) => [{ csrf }, { origin: 'https://evil.test' }]],
    ['from a page without an origin', (csrf) => [{ csrf }, { origin: 'null' }]],
  ])('a POST %s asks again', async (_name, request) => {
    const tokens = await browser.signIn(maria());
    const answer = await browser.send('POST', '/logout', ...request(csrfOf(await ask())));
    expect(answer.body).toContain('Sign out of this app?');
    expect(await lives(tokens)).toBe(true);
  });

  test('a page about the session of before asks about the one of now', async () => {
    await browser.signIn(maria());
    const csrf = csrfOf(await ask());
    const now = await browser.signIn(personOf(district, 'mallory'));
    const answer = await browser.send('POST', '/logout', { csrf }, { origin: ISSUER });
    expect(answer.body).toContain('Sign out of this app?');
    expect(await lives(now)).toBe(true);
  });

  test('a cookie that was sealed to confirm a launch signs nobody out', async () => {
    const tokens = await browser.signIn(maria());
    const pending = { sessionId: claimsOf(tokens.id_token)['sid'], csrf: 'known', location: 'https://evil.test' };
    browser.jar.set('__Host-rollcall-logout', await world.ports.seals.seal('confirm', pending, 600));
    const answer = await browser.send('POST', '/logout', { csrf: 'known' }, { origin: ISSUER });
    expect(answer.headers['location']).toBeUndefined();
    expect(await lives(tokens)).toBe(true);
  });

  test('back to the launch of before shows nobody', async () => {
    const callback = await browser.clickTile(maria());
    await browser.get(callback);
    await browser.send('POST', '/logout', { csrf: csrfOf(await ask()) });
    expect(codeOf(await browser.get(callback))).toBe('launch-used');
  });
});

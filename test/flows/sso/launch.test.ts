import { Browser, claimsOf, codeOf, locationOf, pathOf, refresh } from './browser.ts';
import { ISSUER, PRODUCT, personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
let district: SomeDistrict;
let browser: Browser;
beforeAll(async () => {
  await world.open();
  district = await world.district();
  for (const sourcedId of ['maria', 'liam']) await world.user(district.districtId, { sourcedId });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  browser = new Browser(world);
});

const maria = () => personOf(district, 'maria');
const liam = () => personOf(district, 'liam');
const launchCookies = () => browser.named('launch');
const isOnToProduct = (location: string) => location.startsWith(`${PRODUCT.initiateLoginUri}?iss=`);

describe('R19: a launch', () => {
  test('a tile click signs the student in, with tokens that say who, and leaves no launch behind', async () => {
    const launched = await browser.launch(maria());
    expect(launched.statusCode).toBe(303);
    expect(locationOf(launched)).toBe(
      `${PRODUCT.initiateLoginUri}?iss=${encodeURIComponent(ISSUER)}&target_link_uri=${encodeURIComponent('https://product.test/')}`,
    );
    expect(launchCookies()).toEqual([]);
    const tokens = await browser.productSignIn();
    expect(tokens.status).toBe(200);
    expect(claimsOf(tokens.access_token)).toMatchObject({
      iss: ISSUER,
      aud: 'product',
      sub: `pid-${district.districtId}-maria`,
      district: district.districtId,
      role: 'student',
      schools: ['school-1'],
    });
    expect(browser.rest).toEqual(['__Host-rollcall-session']);
  });

  test('the code that came with the tile is never exchanged', async () => {
    const tileCode = world.classLink.tileCode(liam());
    const first = await browser.get(`/callback?code=${tileCode}`);
    expect(locationOf(first)).not.toContain(tileCode);
    const back = world.classLink.authorize(locationOf(first), maria());
    await browser.get(pathOf(back.href));
    expect(claimsOf((await browser.productSignIn()).id_token)['sub']).toContain('maria');
  });

  test('/launch begins one as well', async () => {
    const first = await browser.get(
      `/launch?iss=${encodeURIComponent(world.classLink.issuer)}&target_link_uri=https://evil.test`,
    );
    expect(locationOf(first)).not.toContain('evil');
    expect((await browser.get(pathOf(world.classLink.authorize(locationOf(first), maria()).href))).statusCode).toBe(
      303,
    );
    expect(codeOf(await browser.get('/launch?iss=https://evil.test'))).toBe('bad-request');
  });

  test('a state that is not ours restarts', async () => {
    const foreign = await browser.get('/callback?code=c1&state=somebody-elses');
    expect(foreign.statusCode).toBe(303);
    expect(locationOf(foreign)).toContain('/authorize?');
  });

  test('cookies blocked: the page, and no loop', async () => {
    browser.cookiesBlocked = true;
    const last = await browser.launch(maria());
    expect(codeOf(last)).toBe('cookies-blocked');
    expect(last.headers['location']).toBeUndefined();
  });

  test('two tabs: both end at the product, one session is left', async () => {
    const one = await browser.clickTile(maria());
    const two = await browser.clickTile(maria());
    expect(launchCookies()).toHaveLength(2);
    expect(isOnToProduct(locationOf(await browser.get(one)))).toBe(true);
    const early = await browser.productSignIn();
    expect(isOnToProduct(locationOf(await browser.get(two)))).toBe(true);
    const late = await browser.productSignIn();
    expect((await refresh(world, early.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(world, late.refresh_token)).status).toBe(200);
  });

  test('at most four launches wait at a time; the oldest gives way', async () => {
    const oldest = await browser.clickTile(maria());
    for (let i = 0; i < 4; i++) {
      world.clock.advanceSeconds(1);
      await browser.clickTile(maria());
    }
    expect(launchCookies()).toHaveLength(4);
    expect(codeOf(await browser.get(oldest))).toBe('cookies-blocked');
  });

  test('reload after success: on to the product again, with the same session', async () => {
    const callback = await browser.clickTile(maria());
    await browser.get(callback);
    const before = await browser.productSignIn();
    const again = await browser.get(callback);
    expect(isOnToProduct(locationOf(again))).toBe(true);
    const after = await browser.productSignIn();
    expect(claimsOf(after.id_token)['sid']).toBe(claimsOf(before.id_token)['sid']);
  });

  test('reload after the answer got lost: on to the product, and the browser knows its session', async () => {
    const callback = await browser.clickTile(maria());
    await browser.send('GET', callback, undefined, {}, false);
    expect(isOnToProduct(locationOf(await browser.get(callback)))).toBe(true);
    const lost = await browser.productSignIn();
    expect(lost.status).toBe(200);
    await browser.signIn(liam());
    expect((await refresh(world, lost.refresh_token)).error).toBe('invalid_grant');
  });

  test('reload while the first callback is still at work: a launch of its own, no second exchange', async () => {
    const callback = await browser.clickTile(maria());
    const { launches } = world.ports;
    const state = new URL(callback, ISSUER).searchParams.get('state') ?? '';
    await launches.use(state.split('.')[0] ?? '', 'a callback that hangs');
    const second = await browser.get(callback);
    expect(locationOf(second)).toContain('/authorize?');
    expect((await browser.get(pathOf(world.classLink.authorize(locationOf(second), maria()).href))).statusCode).toBe(
      303,
    );
  });

  test('back to a launch whose session has ended: the page', async () => {
    const callback = await browser.clickTile(maria());
    await browser.get(callback);
    const { id_token: hint = '' } = await browser.productSignIn();
    await browser.get(`/logout?id_token_hint=${hint}`);
    expect(codeOf(await browser.get(callback))).toBe('launch-used');
  });

  test('reload of a refusal shows the same refusal', async () => {
    const callback = await browser.clickTile(personOf(district, 'nobody'));
    const first = await browser.get(callback);
    expect(codeOf(first)).toBe('not-in-roster');
    expect((await browser.get(callback)).body).toBe(first.body);
  });

  test('ten minutes later: too long', async () => {
    const callback = await browser.clickTile(maria());
    world.clock.advanceSeconds(600);
    expect(codeOf(await browser.get(callback))).toBe('launch-expired');
  });
});

describe('shared computers', () => {
  test('the second student on the same browser replaces the first', async () => {
    const first = await browser.signIn(maria());
    const second = await browser.signIn(liam());
    expect(claimsOf(second.id_token)['sub']).toContain('liam');
    expect((await refresh(world, first.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(world, second.refresh_token)).status).toBe(200);
  });

  test('also where the second one is refused', async () => {
    const first = await browser.signIn(maria());
    expect(codeOf(await browser.launch(personOf(district, 'nobody')))).toBe('not-in-roster');
    expect((await refresh(world, first.refresh_token)).error).toBe('invalid_grant');
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test('another browser keeps its session', async () => {
    const first = await browser.signIn(maria());
    await new Browser(world).signIn(maria());
    expect((await refresh(world, first.refresh_token)).status).toBe(200);
  });
});

describe('R19, tile: confirm', () => {
  beforeAll(() => world.wire({ TILE: 'confirm' }));
  afterAll(() => world.wire());

  const ask = async () => {
    const page = await browser.get(`/callback?code=${world.classLink.tileCode(maria())}`, { accept: 'text/html' });
    return { page, csrf: /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '' };
  };

  test('the page asks, makes no session, and its POST does', async () => {
    const { page, csrf } = await ask();
    expect(page.body).toContain('Continue as Maria G.?');
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://product.test");
    // With `no-referrer` a browser sends the form with `Origin: null`: see test/browser.
    expect(page.headers['referrer-policy']).toBe('same-origin');
    expect(browser.rest).toEqual(['__Host-rollcall-confirm']);
    expect((await browser.productSignIn()).error).toBe('login_required');
    const yes = await browser.send('POST', '/callback', { csrf }, { origin: ISSUER });
    expect(isOnToProduct(locationOf(yes))).toBe(true);
    expect((await browser.productSignIn()).status).toBe(200);
  });

  test('double click on Continue', async () => {
    const { csrf } = await ask();
    await browser.send('POST', '/callback', { csrf }, {}, false);
    expect(isOnToProduct(locationOf(await browser.send('POST', '/callback', { csrf })))).toBe(true);
    expect((await browser.productSignIn()).status).toBe(200);
  });

  test.each([
    ['without the CSRF token', {}, {}],
    ['with another CSRF token', { csrf: 'x'.repeat(43) }, {}],
    ['from another site', null, { origin: 'https://evil.test' }],
    ['from a page without an origin', null, { origin: 'null' }],
  ])('a POST %s does nothing', async (_name, form, headers) => {
    const { csrf } = await ask();
    const answer = await browser.send('POST', '/callback', form ?? { csrf }, headers as Record<string, string>);
    expect(codeOf(answer)).toBe('confirm-refused');
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test('in another browser the token is worth nothing', async () => {
    const { csrf } = await ask();
    expect(codeOf(await new Browser(world).send('POST', '/callback', { csrf }))).toBe('confirm-refused');
  });

  test('an unrostered person gets the page at once', async () => {
    const code = world.classLink.tileCode(personOf(district, 'nobody'));
    expect(codeOf(await browser.get(`/callback?code=${code}`))).toBe('not-in-roster');
  });
});

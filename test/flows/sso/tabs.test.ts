import type { HttpResult } from '../../../lib/contracts/sign-on-http.ts';
import {
  Browser,
  claimsOf,
  codeOf,
  locationOf,
  pathOf,
  productLogin,
  redeem,
  refresh,
  type TokenAnswer,
} from './browser.ts';
import type { Person } from './fake-classlink.ts';
import { OTHER_PRODUCT, PRODUCT, personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

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
const sidOf = ({ id_token }: TokenAnswer) => claimsOf(id_token)['sid'];
const lives = async ({ refresh_token }: TokenAnswer) => (await refresh(world, refresh_token)).status === 200;
/** A request whose answer is still on its way to the browser. */
const sent = (path: string) => browser.send('GET', path, undefined, {}, false);
const isOnToProduct = (answer: HttpResult) => locationOf(answer).startsWith(PRODUCT.initiateLoginUri);
/** From our redirect to ClassLink to the callback that the browser is about to open. */
const backFrom = (begun: HttpResult, person: Person) =>
  pathOf(world.classLink.authorize(locationOf(begun), person).href);

/** What the product's server is about to redeem. */
async function codeOfProduct(): Promise<{ code: string; verifier: string }> {
  const login = productLogin();
  const answer = new URL(locationOf(await browser.get(login.url)));
  return { code: answer.searchParams.get('code') ?? '', verifier: login.verifier };
}

/** What ended the session that a callback's answer brings. */
async function endOf({ cookies }: HttpResult) {
  const sessionId = /rollcall-session=([^.]+)/.exec(cookies.join())?.[1] ?? '';
  return (await world.ports.sessions.get(sessionId))?.endedBy;
}

/** Two launches of which neither knew the other: both began, and both came back, before an answer of the other arrived. */
async function overlapping(one: Person, two: Person): Promise<[HttpResult, HttpResult]> {
  const begun = [await sent('/callback?code=1'), await sent('/callback?code=2')] as const;
  for (const answer of begun) browser.keep(answer);
  return [await sent(backFrom(begun[0], one)), await sent(backFrom(begun[1], two))];
}

describe('R19: two tabs at once', () => {
  test('both callbacks, then both products: both end signed in, with the one session that is left', async () => {
    const [one, two] = [await browser.clickTile(maria()), await browser.clickTile(maria())];
    for (const callback of [one, two]) expect(isOnToProduct(await browser.get(callback))).toBe(true);
    expect(browser.named('handoff')).toHaveLength(2);
    const [first, second] = [await browser.productSignIn(), await browser.productSignIn()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(sidOf(second)).toBe(sidOf(first));
    expect([await lives(first), await lives(second)]).toEqual([true, true]);
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test('also where the second replaced the first before the first came to the product', async () => {
    const [one, two] = [await browser.clickTile(maria()), await browser.clickTile(maria())];
    await browser.get(one);
    // The second tab's callback is done, its answer not there yet: this browser holds the hand-off of a session that ended.
    const late = await sent(two);
    const first = await browser.productSignIn();
    browser.keep(late);
    const second = await browser.productSignIn();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(sidOf(second)).toBe(sidOf(first));
  });

  test('both callbacks at the same time, in whatever order the answers come', async () => {
    for (let round = 0; round < 6; round++) {
      browser = new Browser(world);
      const callbacks = [await browser.clickTile(maria()), await browser.clickTile(maria())];
      const answers = await Promise.all(callbacks.map(sent));
      for (const answer of round % 2 === 0 ? answers : answers.reverse()) browser.keep(answer);
      const tokens = await Promise.all([browser.productSignIn(), browser.productSignIn()]);
      expect(tokens.map(({ status }) => status)).toEqual([200, 200]);
      expect(new Set(tokens.map(sidOf)).size).toBe(1);
    }
  });

  test('also where the second replaced the first between the first one’s code and its tokens', async () => {
    const [one, two] = [await browser.clickTile(maria()), await browser.clickTile(maria())];
    await browser.get(one);
    const { code, verifier } = await codeOfProduct();
    await browser.get(two);
    const first = await redeem(world, code, verifier);
    const second = await browser.productSignIn();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(sidOf(second)).toBe(sidOf(first));
    // A second use of the code ends the session that it gave tokens of (RFC 6749 §4.1.2).
    expect((await redeem(world, code, verifier)).error).toBe('invalid_grant');
    expect([await lives(first), await lives(second)]).toEqual([false, false]);
  });

  test('a code whose session somebody else’s launch replaced gives no tokens', async () => {
    await browser.launch(maria());
    const { code, verifier } = await codeOfProduct();
    await browser.launch(liam());
    expect((await redeem(world, code, verifier)).error).toBe('invalid_grant');
    expect(claimsOf((await browser.productSignIn()).id_token)['sub']).toContain('liam');
  });

  test('and neither does one of a launch after which somebody else sat there, though the first came back', async () => {
    await browser.launch(maria());
    const { code, verifier } = await codeOfProduct();
    await browser.launch(liam());
    await browser.launch(maria());
    expect((await redeem(world, code, verifier)).error).toBe('invalid_grant');
  });

  test('a second tab of somebody else is not the first one’s way in', async () => {
    const [one, two] = [await browser.clickTile(maria()), await browser.clickTile(liam())];
    await browser.get(one);
    const late = await sent(two);
    expect((await browser.productSignIn()).error).toBe('login_required');
    browser.keep(late);
    expect(claimsOf((await browser.productSignIn()).id_token)['sub']).toContain('liam');
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test('a hand-off of a session that ended otherwise leads nowhere', async () => {
    await browser.launch(maria());
    const handOffs = browser.named('handoff');
    const tokens = await browser.productSignIn();
    await browser.launch(maria());
    const later = await browser.productSignIn();
    await browser.get(`/logout?id_token_hint=${later.id_token}`);
    for (const [name, value] of handOffs) browser.jar.set(name, value);
    expect((await browser.productSignIn()).error).toBe('login_required');
    expect(await lives(tokens)).toBe(false);
  });

  test('of three tabs none is left without a hand-off, whichever launch began first', async () => {
    const clicks: string[] = [];
    for (let tab = 0; tab < 3; tab++) {
      clicks.push(await browser.clickTile(maria()));
      world.clock.advanceSeconds(1);
    }
    const [second, first, third] = clicks as [string, string, string];
    await browser.get(first);
    await browser.get(third);
    // The products of the first and the third tab ask now, before the second tab is back; the answers come later.
    const [ofFirst, ofThird] = [new Browser(world), new Browser(world)];
    for (const each of [ofFirst, ofThird]) for (const [name, value] of browser.jar) each.jar.set(name, value);
    await browser.get(second);
    const signedIn = [await ofFirst.productSignIn(), await browser.productSignIn(), await ofThird.productSignIn()];
    expect(signedIn.map(({ status, error }) => error ?? status)).toEqual([200, 200, 200]);
  });

  test('at most four hand-offs wait; the oldest gives way, and each is worth one code', async () => {
    for (let i = 0; i < 6; i++) {
      world.clock.advanceSeconds(1);
      await browser.launch(maria());
    }
    expect(browser.named('handoff')).toHaveLength(4);
    const answers: TokenAnswer[] = [];
    for (let i = 0; i < 5; i++) answers.push(await browser.productSignIn());
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 0]);
    expect(new Set(answers.slice(0, 4).map(sidOf)).size).toBe(1);
  });

  test('the most cookies that a browser can have fit into an HTTP API’s headers', async () => {
    for (let i = 0; i < 6; i++) {
      world.clock.advanceSeconds(1);
      await browser.launch(maria());
      await browser.get('/launch');
      browser.jar.delete(browser.named('browser')[0]?.[0] ?? '');
    }
    for (let i = 0; i < 6; i++) {
      world.clock.advanceSeconds(1);
      browser.keep(await sent('/launch'));
    }
    await browser.get('/logout');
    const size = [...browser.jar].reduce((sum, [name, value]) => sum + name.length + value.length + 3, 0);
    // API Gateway takes 10,240 bytes of headers and path together.
    expect(size).toBeLessThan(4_096);
  });
});

describe('a shared computer: each launch ends what this browser had before', () => {
  test('sessions of overlapping launches too, one of which the browser’s cookie does not name', async () => {
    const answers = await overlapping(maria(), maria());
    for (const answer of answers) browser.keep(answer);
    const tokens = [await browser.productSignIn(), await browser.productSignIn()];
    await browser.signIn(liam());
    expect(await Promise.all(tokens.map(lives))).toEqual([false, false]);
  });

  test('a session whose answer never came', async () => {
    const lost = await sent(await browser.clickTile(maria()));
    await browser.signIn(liam());
    expect(await endOf(lost)).toBe('replaced');
  });

  test('of two at once, one session is left', async () => {
    for (let round = 0; round < 5; round++) {
      browser = new Browser(world);
      const callbacks = [await browser.clickTile(maria()), await browser.clickTile(liam())];
      const answers = await Promise.all(callbacks.map(sent));
      expect((await Promise.all(answers.map(endOf))).sort()).toEqual([null, 'replaced']);
    }
  });

  test('also where the browser has two ids, and each of the two comes first at one of them', async () => {
    const begun = [await sent('/callback?code=1'), await sent('/callback?code=2')] as const;
    for (const answer of begun) browser.keep(answer);
    expect(browser.named('browser')).toHaveLength(2);
    const { browsers } = world.ports;
    const { add } = browsers;
    // The first call waits until all others have been made: whoever begins is the later one everywhere else.
    let others: Promise<unknown> = Promise.resolve();
    let calls = 0;
    const slow = jest.spyOn(browsers, 'add').mockImplementation(async (...args) => {
      if (calls++ === 0) {
        await new Promise((later) => setTimeout(later, 50));
        await others;
        return add(...args);
      }
      const answer = add(...args);
      others = Promise.all([others, answer]);
      return answer;
    });
    const answers = await Promise.all(begun.map((each) => sent(backFrom(each, maria()))));
    slow.mockRestore();
    expect((await Promise.all(answers.map(endOf))).sort()).toEqual([null, 'replaced']);
  });

  test('where the launches began before the browser had an id, and the slower one comes back first', async () => {
    const begun = [await sent('/callback?code=1'), await sent('/callback?code=2')] as const;
    browser.keep(begun[0]);
    const one = await sent(backFrom(begun[0], maria()));
    browser.keep(begun[1]);
    const two = await sent(backFrom(begun[1], maria()));
    expect(browser.named('browser')).toHaveLength(2);
    for (const answer of [two, one]) browser.keep(answer);
    const tokens = await browser.productSignIn();
    await browser.signIn(liam());
    expect(await lives(tokens)).toBe(false);
    for (const answer of [one, two]) expect(await endOf(answer)).toBe('replaced');
  });

  test('also where the next launch is refused', async () => {
    const answers = await overlapping(maria(), maria());
    for (const answer of answers) browser.keep(answer);
    const tokens = await browser.productSignIn();
    browser.jar.delete('__Host-rollcall-session');
    expect(codeOf(await browser.launch(personOf(district, 'nobody')))).toBe('not-in-roster');
    expect(await lives(tokens)).toBe(false);
    expect(browser.named('handoff')).toEqual([]);
  });

  test('a day later, with another id, the session of before still ends', async () => {
    await browser.get('/launch');
    world.clock.advanceSeconds(24 * 3600 - 60);
    const tokens = await browser.signIn(maria());
    world.clock.advanceSeconds(120);
    browser.jar.delete('__Host-rollcall-session');
    await browser.signIn(liam());
    expect(browser.named('browser')).toHaveLength(2);
    expect(await lives(tokens)).toBe(false);
  });

  test('the page after a logout is true: a session that the cookie does not name is asked about', async () => {
    const answers = await overlapping(maria(), maria());
    for (const answer of answers.reverse()) browser.keep(answer);
    const page = await browser.get('/logout', { accept: 'text/html' });
    expect(page.body).toContain('Sign out of this app?');
  });

  test('what a crash left undone, the next launch does', async () => {
    const first = await browser.signIn(maria());
    browser.jar.delete('__Host-rollcall-session');
    const { add } = world.ports.browsers;
    world.ports.browsers.add = () => Promise.reject(new Error('down'));
    const callback = await browser.clickTile(maria());
    expect((await browser.get(callback)).statusCode).toBe(500);
    world.ports.browsers.add = add;
    expect(await lives(first)).toBe(true);
    // The reload begins anew, since nothing was said of the launch.
    const again = await browser.get(callback);
    await browser.get(backFrom(again, maria()));
    expect(await lives(first)).toBe(false);
  });
});

describe('who knows the id of somebody’s browser', () => {
  let victim: Browser;
  let attacker: Browser;
  beforeEach(async () => {
    [victim, attacker] = [new Browser(world), new Browser(world)];
    await victim.get('/launch');
    for (const [name, value] of victim.named('browser')) attacker.jar.set(name, value);
  });

  test('gets no session of theirs: not with a hand-off of an own session that theirs replaced', async () => {
    await attacker.launch(liam());
    await victim.launch(maria());
    expect((await attacker.productSignIn()).error).toBe('login_required');
    expect(claimsOf((await victim.productSignIn()).id_token)['sub']).toContain('maria');
  });

  test('signs nobody in as themselves', async () => {
    const own = await attacker.signIn(liam());
    expect((await victim.productSignIn()).error).toBe('login_required');
    expect(sidOf(await victim.signIn(maria()))).not.toBe(sidOf(own));
    expect(await lives(own)).toBe(false);
  });

  test('can end what it names by a launch of their own, for a day: that is known (docs/security.md)', async () => {
    const tokens = await victim.signIn(maria());
    await attacker.signIn(liam());
    expect(await lives(tokens)).toBe(false);
  });

  test('a browser id that nobody gave out is no key to another row', async () => {
    attacker.jar.clear();
    for (const id of ['', 'x', `zzzzzzz${'A'.repeat(43)}`, 'BROWSER#x', 'x'.repeat(4000)])
      attacker.jar.set('__Host-rollcall-browser-x', id);
    expect((await attacker.signIn(liam())).status).toBe(200);
  });

  test('cannot hide the real id behind planted ones: who signs in next ends what was open (R21)', async () => {
    const earlier = await victim.signIn(maria());
    for (const letter of ['A', 'B', 'C', 'D', 'E'])
      victim.jar.set(`__Host-rollcall-browser-zzzzzzz${letter.repeat(5)}`, `zzzzzzz${letter.repeat(43)}`);
    victim.jar.delete('__Host-rollcall-session');
    expect((await victim.signIn(liam())).status).toBe(200);
    expect(await lives(earlier)).toBe(false);
  });

  test('a hand-off for one product stays, where another one asks', async () => {
    await victim.launch(maria());
    const login = `/authorize?response_type=code&client_id=other&scope=openid&code_challenge_method=S256&code_challenge=${'x'.repeat(43)}`;
    const query = `&redirect_uri=${encodeURIComponent(OTHER_PRODUCT.redirectUris[0] ?? '')}`;
    expect(locationOf(await victim.get(login + query))).toContain('login_required');
    expect((await victim.productSignIn()).status).toBe(200);
  });
});

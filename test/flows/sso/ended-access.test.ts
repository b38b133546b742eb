import { DENIALS } from '../../../lib/core/sso/denials.ts';
import { Browser, claimsOf, codeOf, locationOf, productLogin, redeem, refresh } from './browser.ts';
import { ISSUER, personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
let district: SomeDistrict;
let browser: Browser;
beforeAll(() => world.open(), 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  district = await world.district();
  await world.user(district.districtId, { sourcedId: 'maria' });
  browser = new Browser(world);
});

const maria = () => personOf(district, 'maria');
const settings = (more: object, sso = {}) => world.settings(district.districtId, more, sso);
const user = (fields: object) => world.user(district.districtId, { sourcedId: 'maria', ...fields });

/** What ends access (R18, R20, R21), and what the session says that it ended by. */
const ENDINGS: readonly [string, () => Promise<unknown>, string][] = [
  ['removed from the roster', () => user({ status: 'inactive' }), 'inactive'],
  ['disabled', () => user({ enabledUser: false }), 'disabled'],
  [
    'another role, which may not',
    () => settings({}, { roles: 'students' }).then(() => user({ role: 'teacher' })),
    'role-not-allowed',
  ],
  ['another school, which may not', () => settings({}, { allowedSchools: ['school-9'] }), 'school-not-allowed'],
  ['district suspended', () => settings({ suspended: true }), 'district-suspended'],
  ['switch off', () => settings({}, { roles: 'off' }), 'sso-off'],
  ['the record is another person now', () => user({ productId: 'pid-other' }), 'user-changed'],
  [
    'another tenant vouches for the district now',
    () => settings({ classLinkTenantId: district.tenantId + 100_000 }),
    'tenant-changed',
  ],
  ['the district has another product now', () => settings({}, { clientId: 'other' }), 'product-changed'],
];

async function undo(): Promise<void> {
  const { tenantId: classLinkTenantId } = district;
  await settings({ suspended: false, classLinkTenantId }, { roles: 'all', allowedSchools: [], clientId: null });
  await user({});
}

/** What the page says of it: the reason, or that the launch is over where only a new one would tell. */
const pageOf = (because: string): string => (Object.hasOwn(DENIALS, because) ? because : 'launch-used');

/** The launch's session, as it is in the table. */
async function sessionOf(callback: string) {
  const state = new URL(callback, ISSUER).searchParams.get('state') ?? '';
  const used = await world.ports.launches.find(state.split('.')[0] ?? '');
  return world.ports.sessions.get(used?.sessionId ?? '');
}

describe('R21: the roster, the settings and the tenant are asked before every token and every hand-over', () => {
  test.each(ENDINGS)('%s: a refresh gets nothing, for good', async (_name, end, because) => {
    const { refresh_token: token, access_token } = await browser.signIn(maria());
    expect((await refresh(world, token)).status).toBe(200);
    await end();
    expect((await refresh(world, token)).error).toBe('invalid_grant');
    const session = await world.ports.sessions.get(String(claimsOf(access_token)['sid']));
    expect(session?.endedBy).toBe(because);
    await undo();
    expect((await refresh(world, token)).error).toBe('invalid_grant');
  });

  test.each(ENDINGS)('%s: a reload of the callback shows why, and hands nobody over', async (_name, end, because) => {
    const callback = await browser.clickTile(maria());
    await browser.get(callback);
    await browser.productSignIn();
    await end();
    const page = await browser.get(callback);
    expect([codeOf(page), page.headers['location']]).toEqual([pageOf(because), undefined]);
    expect((await browser.productSignIn()).error).toBe('login_required');
    expect((await sessionOf(callback))?.endedBy).toBe(because);
    await undo();
    const later = await browser.get(callback);
    expect(later.body.replace(/LU-.{9}/, '')).toBe(page.body.replace(/LU-.{9}/, ''));
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test.each(ENDINGS)('%s: so does a reload of a callback whose answer was lost', async (_name, end, because) => {
    const callback = await browser.clickTile(maria());
    await browser.send('GET', callback, undefined, {}, false);
    await end();
    expect(codeOf(await browser.get(callback))).toBe(pageOf(because));
    expect((await browser.productSignIn()).error).toBe('login_required');
    expect((await sessionOf(callback))?.endedBy).toBe(because);
  });

  test.each(ENDINGS)('%s: a code that is still to be redeemed gives no tokens', async (_name, end, because) => {
    const callback = await browser.clickTile(maria());
    await browser.get(callback);
    const login = productLogin();
    const code = new URL(locationOf(await browser.get(login.url))).searchParams.get('code') ?? '';
    await end();
    const answer = await redeem(world, code, login.verifier);
    expect([answer.error, answer.access_token, answer.refresh_token]).toEqual(['invalid_grant', undefined, undefined]);
    expect((await sessionOf(callback))?.endedBy).toBe(because);
    await undo();
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test('a refusal of a reload is one that support can look up', async () => {
    const callback = await browser.clickTile(maria());
    await browser.get(callback);
    await user({ status: 'inactive' });
    const { reference } = JSON.parse((await browser.get(callback)).body) as { reference: string };
    expect(await world.ports.denials.find(reference)).toMatchObject({
      code: 'inactive',
      districtId: district.districtId,
      sourcedId: 'maria',
    });
  });

  test('tokens of a code say what the roster says now, not what it said at the launch', async () => {
    await browser.launch(maria());
    await user({ role: 'teacher', schools: ['school-7'] });
    const { access_token } = await browser.productSignIn();
    expect(claimsOf(access_token)).toMatchObject({ role: 'teacher', schools: ['school-7'] });
  });
});

describe('R21, tile: confirm', () => {
  beforeAll(() => world.wire({ TILE: 'confirm' }));
  afterAll(() => world.wire());

  test.each(ENDINGS)('%s: a second click on Continue shows why', async (_name, end, because) => {
    const code = world.classLink.tileCode(maria());
    const page = await browser.get(`/callback?code=${code}`, { accept: 'text/html' });
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    expect((await browser.send('POST', '/callback', { csrf }, {}, false)).statusCode).toBe(303);
    await end();
    expect(codeOf(await browser.send('POST', '/callback', { csrf }))).toBe(pageOf(because));
    expect((await browser.productSignIn()).error).toBe('login_required');
  });
});

import { makeSsoHandler } from '../../../lambdas/sso/handler.ts';
import { memoryDistricts } from '../../../lib/adapters/memory/districts.ts';
import { memorySignOnRoster } from '../../../lib/adapters/memory/sign-on-roster.ts';
import { memorySessions } from '../../../lib/adapters/memory/sign-on-sessions.ts';
import { memoryTenants } from '../../../lib/adapters/memory/sign-on-tenants.ts';
import { limitsSchema } from '../../../lib/core/district/limit-settings.ts';
import { ssoSettingsSchema } from '../../../lib/core/district/sso-settings.ts';
import { readProductClients } from '../../../lib/core/sso/product-client.ts';
import type { Session } from '../../../lib/core/sso/session.ts';
import { refreshSession } from '../../../lib/flows/sso/refresh-session.ts';
import { edited, PLAIN, without } from '../../support/plain-delivery.ts';
import type { SmallDelivery } from '../../support/small-delivery.ts';
import { asZip } from '../exports.ts';
import { DISTRICT, FlowWorld } from '../flow-world.ts';
import { Browser, codeOf, locationOf, productLogin, redeem } from './browser.ts';
import { personOf, SignOnWorld } from './sign-on-world.ts';

const CLIENTS = readProductClients(
  JSON.stringify(
    ['product', 'other'].map((clientId) => ({
      clientId,
      name: clientId,
      redirectUris: [`https://${clientId}.test/cb`],
      initiateLoginUri: `https://${clientId}.test/login`,
    })),
  ),
);
const TENANT = 2284;

let world: FlowWorld;
const sessions = memorySessions();
let session: Session;

/** Uploads an export and lets the flows plan and apply it. */
async function send(delivery: SmallDelivery): Promise<string | undefined> {
  world.clock.advanceSeconds(60);
  await world.claim(world.put('export.zip', await asZip(delivery)));
  await world.run();
  return (await world.states()).syncs.at(-1);
}

/** Changes settings of the district. */
async function change(more: object): Promise<void> {
  const found = await world.ports.districts.get(DISTRICT);
  if (found) await world.ports.districts.save({ ...found.settings, ...more }, found.version);
}

const refresh = () =>
  refreshSession(
    {
      stage: { clients: CLIENTS },
      clock: world.clock,
      sessions,
      districts: memoryDistricts(world.store),
      syncs: world.log,
      roster: memorySignOnRoster(world.store),
    },
    session.sessionId,
  );

beforeEach(async () => {
  world = await FlowWorld.open();
  await change({ classLinkTenantId: TENANT });
  expect(await send(PLAIN)).toBe('applied');
  const now = Math.floor(world.clock.now().getTime() / 1000);
  const student = world.store.synced(DISTRICT, 'user').get('student');
  session = {
    sessionId: `session-${now}`,
    launchId: 'launch',
    districtId: DISTRICT,
    tenantId: TENANT,
    clientId: 'product',
    sourcedId: 'student',
    productId: student?.productId ?? '',
    role: 'student',
    schools: ['school'],
    browserHash: 'hash',
    createdAt: now,
    seenAt: now,
    expiresAt: now + 43_200,
    idleSeconds: 3600,
    endedBy: null,
    replacedBy: null,
  };
  await sessions.create(session);
  expect(await refresh()).toMatchObject({ live: true });
});

/** What the sync brings, and the reason that it is for the sign-on. */
const REMOVALS: readonly [string, SmallDelivery, string][] = [
  ['the student is gone', without(PLAIN, 'user', 'student'), 'inactive'],
  ['the row says tobedeleted', edited(PLAIN, 'user', 'student', { status: 'tobedeleted' }), 'inactive'],
  ['the district disabled them', edited(PLAIN, 'user', 'student', { enabledUser: 'false' }), 'disabled'],
];

describe('R21: what a sync brings counts at the next refresh', () => {
  test.each(REMOVALS)('%s: the refresh is refused, for good', async (_name, delivery, because) => {
    expect(await send(delivery)).toBe('applied');
    expect(await refresh()).toEqual({ live: false, because });
    expect(await send(PLAIN)).toBe('applied');
    expect(world.users()['student']).toMatch(/^active/);
    expect(await refresh()).toEqual({ live: false, because });
  });

  test('another role and name: the session goes on with what the roster says now', async () => {
    expect(await send(edited(PLAIN, 'user', 'student', { role: 'aide', givenName: 'Anna' }))).toBe('applied');
    expect(await refresh()).toMatchObject({ live: true, session: { role: 'aide', productId: session.productId } });
  });

  test('a removal that waits for a person ends nothing until it is approved', async () => {
    const limits = limitsSchema.parse({ removals: { share: 0, floors: { user: 0 } } });
    await change({ limits });
    expect(await send(without(PLAIN, 'user', 'student'))).toBe('held');
    expect(await refresh()).toMatchObject({ live: true });
    const [held] = await world.syncs();
    const approval = { name: 'approve', syncId: held?.syncId ?? '', scope: 'as-shown', why: null } as const;
    await world.command({ ...approval, newerSeen: null });
    await world.run();
    expect(await refresh()).toEqual({ live: false, because: 'inactive' });
  });

  test.each<[string, object, string]>([
    ['suspended', { suspended: true }, 'district-suspended'],
    ['switched off', { sso: ssoSettingsSchema.parse({ roles: 'off' }) }, 'sso-off'],
    ['of another tenant now', { classLinkTenantId: TENANT + 1 }, 'tenant-changed'],
    ['of no tenant any more', { classLinkTenantId: null }, 'tenant-changed'],
    ['moved to another product', { sso: ssoSettingsSchema.parse({ clientId: 'other' }) }, 'product-changed'],
    ['sent to an unknown product', { sso: ssoSettingsSchema.parse({ clientId: 'nobody' }) }, 'product-changed'],
  ])('a district that is %s ends it without a sync', async (_name, settings, because) => {
    await change(settings);
    expect(await refresh()).toEqual({ live: false, because });
  });
});

describe('R21: and at the next hand-over and token', () => {
  const signOn = new SignOnWorld();
  let browser: Browser;
  beforeAll(() => signOn.open(), 60_000);
  afterAll(() => signOn.close());
  beforeEach(() => {
    // The function as it is, on the roster and the settings that the flows of the sync work with.
    signOn.wire();
    useRoster();
    browser = new Browser(signOn);
  });

  function useRoster(): void {
    signOn.ports = {
      ...signOn.ports,
      districts: memoryDistricts(world.store),
      syncs: world.log,
      roster: memorySignOnRoster(world.store),
      tenants: memoryTenants(world.store),
    };
    signOn.handle = makeSsoHandler(signOn.ports);
  }

  const student = () => personOf({ districtId: DISTRICT, tenantId: TENANT }, 'student');

  test.each(REMOVALS)('%s: a reload of the callback shows why', async (_name, delivery, because) => {
    const callback = await browser.clickTile(student());
    expect((await browser.get(callback)).statusCode).toBe(303);
    expect((await browser.productSignIn()).status).toBe(200);
    expect(await send(delivery)).toBe('applied');
    expect(codeOf(await browser.get(callback))).toBe(because);
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test.each(REMOVALS)('%s: a code that is still to be redeemed gives no tokens', async (_name, delivery) => {
    await browser.launch(student());
    const login = productLogin();
    const code = new URL(locationOf(await browser.get(login.url))).searchParams.get('code') ?? '';
    expect(await send(delivery)).toBe('applied');
    expect((await redeem(signOn, code, login.verifier)).error).toBe('invalid_grant');
  });

  test.each(REMOVALS)('%s: a second click on Continue shows why', async (_name, delivery, because) => {
    signOn.wire({ TILE: 'confirm' });
    useRoster();
    const page = await browser.get(`/callback?code=${signOn.classLink.tileCode(student())}`, { accept: 'text/html' });
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    expect((await browser.send('POST', '/callback', { csrf }, {}, false)).statusCode).toBe(303);
    expect(await send(delivery)).toBe('applied');
    expect(codeOf(await browser.send('POST', '/callback', { csrf }))).toBe(because);
  });
});

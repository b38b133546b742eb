import { memoryDistricts } from '../../../lib/adapters/memory/districts.ts';
import { memorySignOnRoster } from '../../../lib/adapters/memory/sign-on-roster.ts';
import { memorySessions } from '../../../lib/adapters/memory/sign-on-sessions.ts';
import { limitsSchema } from '../../../lib/core/district/limit-settings.ts';
import { ssoSettingsSchema } from '../../../lib/core/district/sso-settings.ts';
import { readProductClients } from '../../../lib/core/sso/product-client.ts';
import type { Session } from '../../../lib/core/sso/session.ts';
import { refreshSession } from '../../../lib/flows/sso/refresh-session.ts';
import { edited, PLAIN, without } from '../../support/plain-delivery.ts';
import type { SmallDelivery } from '../../support/small-delivery.ts';
import { asZip } from '../exports.ts';
import { DISTRICT, FlowWorld } from '../flow-world.ts';

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
  };
  await sessions.create(session);
  expect(await refresh()).toMatchObject({ live: true });
});

describe('R21: what a sync brings counts at the next refresh', () => {
  test.each<[string, SmallDelivery, string]>([
    ['the student is gone', without(PLAIN, 'user', 'student'), 'inactive'],
    ['the row says tobedeleted', edited(PLAIN, 'user', 'student', { status: 'tobedeleted' }), 'inactive'],
    ['the district disabled them', edited(PLAIN, 'user', 'student', { enabledUser: 'false' }), 'disabled'],
  ])('%s: the refresh is refused, for good', async (_name, delivery, because) => {
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

import { EMPTY_SYNC } from '../../../lib/core/sync/new-sync.ts';
import { type DistrictGauge, needsEyes, STALE_DAYS } from '../../../lib/flows/watch/gauge-district.ts';
import { MAPLE, SCHOOL_NIGHTS, WatchWorld } from './watch-world.ts';

let world: WatchWorld;
const gauge = async (): Promise<DistrictGauge> => {
  const found = (await world.watch()).gauges.get(MAPLE);
  if (!found) throw new Error('no gauge');
  return found;
};
const open = (settings: object = {}) => world.district(MAPLE, settings);

beforeEach(() => {
  world = new WatchWorld();
});

test('late lasts as long as the delivery is missing, although it is told once', async () => {
  await open({ calendar: SCHOOL_NIGHTS });
  await world.watchUntil('2026-11-23T09:15:00Z');
  expect(await gauge()).toMatchObject({ late: false });
  await world.watchUntil('2026-11-23T12:00:00Z');
  expect(world.told()).toHaveLength(1);
  expect(await gauge()).toMatchObject({ late: true });
  await world.deliver(MAPLE);
  expect(await gauge()).toMatchObject({ late: false });
  // And so does the next night's.
  await world.watchUntil('2026-11-24T09:30:00Z');
  expect(await gauge()).toMatchObject({ late: true });
});

test('nothing is late where no calendar is set, where it was just set, or in a suspended district', async () => {
  await open();
  await world.watchUntil('2026-11-23T12:00:00Z');
  expect(await gauge()).toMatchObject({ late: false });
  await open({ calendar: SCHOOL_NIGHTS });
  expect(await gauge()).toMatchObject({ late: false });
  await world.watchUntil('2026-11-24T12:00:00Z');
  expect(await gauge()).toMatchObject({ late: true });
  await open({ calendar: SCHOOL_NIGHTS, suspended: true });
  expect(await gauge()).toMatchObject({ late: false, stale: false });
});

test('held counts the plans that wait now, not those that were decided', async () => {
  await open();
  world.hold(MAPLE, 's-1');
  world.hold(MAPLE, 's-2');
  expect(await gauge()).toMatchObject({ held: 2 });
  world.store.syncs.of(MAPLE).set('s-1', {
    ...EMPTY_SYNC,
    ...{ districtId: MAPLE, syncId: 's-1', deliveryId: 'd-1', attempt: 1 },
    ...{ createdAt: world.clock.now().toISOString(), state: 'rejected' },
  });
  expect(await gauge()).toMatchObject({ held: 1 });
});

test('stale is a week without a sync that was applied or had nothing to change; a new district is', async () => {
  await open();
  expect(await gauge()).toMatchObject({ stale: true, syncedAt: null });
  await world.deliver(MAPLE);
  const syncedAt = world.clock.now().toISOString();
  expect(await gauge()).toMatchObject({ stale: false, syncedAt });
  world.wait(STALE_DAYS * 24 * 60);
  expect(await gauge()).toMatchObject({ stale: false, syncedAt });
  world.wait(1);
  expect(await gauge()).toMatchObject({ stale: true, syncedAt });
  world.setState(MAPLE, {
    lastApplied: {
      ...{ syncId: 's-9', deliveryId: 'd-9', order: '9', appliedAt: world.clock.now().toISOString() },
      profile: { rows: {}, invalidRows: {}, unreadableIds: {}, orgIds: [] } as never,
    },
  });
  expect(await gauge()).toMatchObject({ stale: false });
});

test('failed is the last sync, until a better one comes; nothing of it changes what is remembered', async () => {
  await open();
  const createdAt = world.clock.now().toISOString();
  const failed = {
    districtId: MAPLE,
    syncId: 's-0',
    deliveryId: 'd-0',
    attempt: 1,
    createdAt,
    state: 'failed',
  } as const;
  world.store.syncs.of(MAPLE).set('s-0', { ...EMPTY_SYNC, ...failed });
  expect(await gauge()).toMatchObject({ failed: true });
  world.wait(60);
  await world.deliver(MAPLE);
  expect(await gauge()).toMatchObject({ failed: false });
});

test.each<[string, Partial<DistrictGauge>, boolean]>([
  ['a quiet district', {}, false],
  ['one with a hold', { held: 1 }, true],
  ['a late one', { late: true }, true],
  ['one whose sync failed', { failed: true }, true],
  ['a stale one', { stale: true }, true],
])('%s: whether a person should look', (_, some, needs) => {
  expect(needsEyes({ held: 0, late: false, failed: false, stale: false, syncedAt: null, ...some })).toBe(needs);
});

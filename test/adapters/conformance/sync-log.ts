import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import { NEW_DISTRICT_STATE } from '../../../lib/core/sync/new-district.ts';
import { EMPTY_SYNC } from '../../../lib/core/sync/new-sync.ts';
import type { DistrictState, Sync } from '../../../lib/core/sync/sync.ts';
import type { Lease } from '../../../lib/ports/ledger.ts';
import { newDistrict, newTenant, type TableWorld } from './world.ts';

const AT = '2026-11-23T18:00:00.000Z';

const sync = (districtId: string, syncId: string, more: Partial<Sync> = {}): Sync => ({
  ...EMPTY_SYNC,
  districtId,
  syncId,
  deliveryId: `d${syncId.slice(1)}`,
  state: 'planning',
  createdAt: AT,
  endedAt: null,
  attempt: 1,
  changes: { users: { add: 1, update: 2, deactivate: 3, reactivate: 4, unchanged: 5 } },
  findingCounts: { error: 0, warning: 0, info: 0, byCode: {} },
  holds: [{ code: 'removals', message: 'many' }],
  profile: { rows: { users: 6 }, invalidRows: {}, unreadableRows: {}, bulkRows: {} },
  cursor: { section: 0, offset: 0 },
  recordsWritten: 0,
  failureCode: null,
  ...more,
});

const PAUSED: DistrictState = { ...NEW_DISTRICT_STATE, applyingSyncId: 's-1', syncPaused: true };

/** What the sync log and the districts must do. A call made twice stands for a retry after a lost answer. */
export function syncLogConformance(name: string, open: () => TableWorld): void {
  let world: TableWorld;
  let district: string;
  beforeEach(() => {
    world = open();
    district = newDistrict();
  });
  const take = async (holder = 'w1', handedTo?: string) => world.leases.take(district, holder, 60, handedTo);
  const taken = async (holder = 'w1'): Promise<Lease> => {
    const lease = await take(holder);
    if (!lease) throw new Error('the lease is not free');
    return lease;
  };

  describe(`${name}: syncs`, () => {
    test('a new district has run nothing', async () => {
      expect(await world.syncs.state(district)).toEqual(NEW_DISTRICT_STATE);
      expect(await world.syncs.get(district, 's-1')).toBeNull();
      expect(await world.syncs.find(`s-none-${district}`)).toBeNull();
      expect(await world.syncs.list(district, 10)).toEqual([]);
    });

    test('a sync and the state are written in one step, and found by id alone', async () => {
      const lease = await taken();
      const planning = sync(district, `s-${district}`);
      expect(await world.syncs.save(lease, planning, null)).toBe(true);
      expect(await world.syncs.state(district)).toMatchObject({ syncPaused: false });
      const applying = { ...planning, state: 'applying' as const };
      expect(await world.syncs.save(lease, applying, 'planning', PAUSED)).toBe(true);
      expect(await world.syncs.get(district, planning.syncId)).toEqual(applying);
      expect(await world.syncs.find(planning.syncId)).toEqual(applying);
      expect(await world.syncs.state(district)).toEqual(PAUSED);
      expect(await world.syncs.save(lease, { ...applying, recordsWritten: 5 }, 'applying')).toBe(true);
      expect(await world.syncs.state(district)).toEqual(PAUSED);
    });

    test('the state alone is written under the lease, and under no other', async () => {
      const stale = await taken();
      expect(await world.syncs.saveState(stale, PAUSED)).toBe(true);
      expect(await world.syncs.state(district)).toEqual(PAUSED);
      world.clock.advanceSeconds(60);
      await taken('w2');
      expect(await world.syncs.saveState(stale, NEW_DISTRICT_STATE)).toBe(false);
      expect(await world.syncs.state(district)).toEqual(PAUSED);
    });

    test('from another state than it is in, nothing is written', async () => {
      const lease = await taken();
      const held = sync(district, 's-1', { state: 'held' });
      await world.syncs.save(lease, held, null);
      const applied = { ...held, state: 'applied' as const };
      expect(await world.syncs.save(lease, applied, 'applying', PAUSED)).toBe(false);
      expect(await world.syncs.save(lease, applied, null, PAUSED)).toBe(false);
      expect(await world.syncs.save(lease, sync(district, 's-2'), 'planning', PAUSED)).toBe(false);
      expect(await world.syncs.get(district, 's-1')).toEqual(held);
      expect(await world.syncs.get(district, 's-2')).toBeNull();
      expect(await world.syncs.state(district)).toMatchObject({ syncPaused: false });
    });

    test('the same save again is a success, a different one is not', async () => {
      const lease = await taken();
      const planning = sync(district, 's-1');
      const held = { ...planning, state: 'held' as const };
      for (const _ of [1, 2]) expect(await world.syncs.save(lease, planning, null)).toBe(true);
      for (const _ of [1, 2]) expect(await world.syncs.save(lease, held, 'planning', PAUSED)).toBe(true);
      expect(await world.syncs.save(lease, { ...held, recordsWritten: 1 }, 'planning', PAUSED)).toBe(false);
      expect(await world.syncs.save(lease, held, 'planning', { ...PAUSED, syncPaused: false })).toBe(false);
    });

    test('R15: a stale lease saves nothing, not even what is already there', async () => {
      const stale = await taken();
      await world.syncs.save(stale, sync(district, 's-1'), null);
      world.clock.advanceSeconds(60);
      const lease = await taken('w2');
      const held = sync(district, 's-1', { state: 'held' });
      expect(await world.syncs.save(stale, held, 'planning', PAUSED)).toBe(false);
      expect(await world.syncs.save(stale, sync(district, 's-1'), 'planning')).toBe(false);
      expect(await world.syncs.get(district, 's-1')).toMatchObject({ state: 'planning' });
      expect(await world.syncs.save(lease, held, 'planning')).toBe(true);
    });

    test('lists come newest first', async () => {
      const lease = await taken();
      for (const id of ['s-1', 's-3', 's-2']) await world.syncs.save(lease, sync(district, id), null);
      expect((await world.syncs.list(district, 2)).map(({ syncId }) => syncId)).toEqual(['s-3', 's-2']);
    });
  });

  describe(`${name}: districts`, () => {
    const settings = (districtName: string) =>
      districtSettingsSchema.parse({ districtId: district, name: districtName });

    test('settings are written against the version that was read', async () => {
      expect(await world.districts.get(district)).toBeNull();
      expect(await world.districts.save(settings('Maple'), 1)).toBe('conflict');
      expect(await world.districts.save(settings('Maple'), 0)).toBe('saved');
      expect(await world.districts.save(settings('Maple'), 0)).toBe('saved');
      expect(await world.districts.save(settings('Oak'), 0)).toBe('conflict');
      expect(await world.districts.save(settings('Oak'), 1)).toBe('saved');
      expect(await world.districts.save(settings('Elm'), 1)).toBe('conflict');
      expect(await world.districts.get(district)).toEqual({ settings: settings('Oak'), version: 2 });
    });

    test('the list holds each district as it is now', async () => {
      await world.districts.save(settings('Maple'), 0);
      await world.districts.save(settings('Oak'), 1);
      const listed = (await world.districts.list()).filter((each) => each.settings.districtId === district);
      expect(listed).toEqual([{ settings: settings('Oak'), version: 2 }]);
    });

    test('one ClassLink tenant is one district (R20); whoever comes second writes nothing', async () => {
      const other = newDistrict();
      const tenant = newTenant();
      const of = (districtId: string, classLinkTenantId: number | null) =>
        districtSettingsSchema.parse({ districtId, name: 'A district', classLinkTenantId });
      const taken = expect.objectContaining({ code: 'tenant-taken', retryable: false });
      expect(await world.districts.save(of(district, tenant), 0)).toBe('saved');
      await expect(world.districts.save(of(other, tenant), 0)).rejects.toEqual(taken);
      expect(await world.districts.get(other)).toBeNull();
      expect(await world.districts.save(of(other, null), 0)).toBe('saved');
      await expect(world.districts.save(of(other, tenant), 1)).rejects.toEqual(taken);
      expect(await world.districts.get(other)).toMatchObject({ settings: { classLinkTenantId: null }, version: 1 });
      // The owner may write it again, and once it is given up it is anybody's.
      expect(await world.districts.save({ ...of(district, tenant), name: 'Maple' }, 1)).toBe('saved');
      expect(await world.signOn.tenants.districtOf(tenant)).toBe(district);
      expect(await world.districts.save(of(district, null), 2)).toBe('saved');
      expect(await world.signOn.tenants.districtOf(tenant)).toBeNull();
      expect(await world.districts.save(of(other, tenant), 1)).toBe('saved');
      expect(await world.signOn.tenants.districtOf(tenant)).toBe(other);
    });

    test('somebody who wrote meanwhile counts before a tenant that is taken', async () => {
      const tenant = newTenant();
      const of = (districtId: string) =>
        districtSettingsSchema.parse({ districtId, name: 'A district', classLinkTenantId: tenant });
      await world.districts.save(of(newDistrict()), 0);
      await world.districts.save(settings('Maple'), 0);
      expect(await world.districts.save(of(district), 0)).toBe('conflict');
    });
  });
}

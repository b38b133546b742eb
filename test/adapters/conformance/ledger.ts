import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import type { Delivery, DeliveryFile, DistrictState, Sync } from '../../../lib/core/sync/sync.ts';
import type { Lease } from '../../../lib/ports/ledger.ts';
import { newDistrict, type TableWorld } from './world.ts';

const AT = '2026-11-23T18:00:00.000Z';

const delivery = (districtId: string, deliveryId: string, more: Partial<Delivery> = {}): Delivery => ({
  districtId,
  deliveryId,
  state: 'received',
  folder: '',
  packaging: 'zip',
  order: `${AT}#${deliveryId}`,
  hasDelta: false,
  openedAt: AT,
  receivedAt: AT,
  syncId: null,
  ...more,
});

const file = (name: string, version: number, more: Partial<DeliveryFile> = {}): DeliveryFile => ({
  fileId: `v${version}`,
  name,
  key: `deliveries/x/y/v${version}/${name}`,
  bytes: 100 + version,
  eTag: `"${version}"`,
  lastModified: `2026-11-23T17:00:0${version}.000Z`,
  ...more,
});

const sync = (districtId: string, syncId: string, more: Partial<Sync> = {}): Sync => ({
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
  profile: { rows: { users: 6 }, invalidRows: {}, unreadableRows: {} },
  cursor: { section: 0, offset: 0 },
  recordsWritten: 0,
  failureCode: null,
  ...more,
});

const PAUSED: DistrictState = { applyingSyncId: 's-1', lastApplied: null, syncPaused: true };

/** What leases, ledger, sync log and districts must do. A call made twice stands for a retry after a lost answer. */
export function ledgerConformance(name: string, open: () => TableWorld): void {
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

  describe(`${name}: leases`, () => {
    test('a free lease is taken once, with number 1', async () => {
      expect(await take()).toEqual({ districtId: district, holder: 'w1', number: 1 });
      expect(await take('w2')).toBeNull();
      expect(await world.leases.take(newDistrict(), 'w2', 60)).toMatchObject({ number: 1 });
    });

    test('the holder who asks again has it, under the same number', async () => {
      const lease = await taken();
      world.clock.advanceSeconds(50);
      expect(await take()).toEqual(lease);
      world.clock.advanceSeconds(50);
      expect(await take('w2')).toBeNull();
    });

    test('of many who ask at once, one gets it', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => take(`w${i}`)));
      expect(answers.filter((lease) => lease !== null)).toHaveLength(1);
    });

    test('an expired lease goes to the next, with a higher number; the old holder has nothing any more', async () => {
      const old = await taken();
      world.clock.advanceSeconds(60);
      expect(await take('w2')).toMatchObject({ number: 2 });
      expect(await world.leases.renew(old, 60)).toBe(false);
      await world.leases.release(old);
      await world.leases.handOver(old, 'w3', 60);
      expect(await take('w3', 'w3')).toBeNull();
    });

    test('a renewed lease lasts', async () => {
      const lease = await taken();
      world.clock.advanceSeconds(50);
      expect(await world.leases.renew(lease, 60)).toBe(true);
      world.clock.advanceSeconds(50);
      expect(await take('w2')).toBeNull();
    });

    test('a released lease is free; its number is never used again', async () => {
      const lease = await taken();
      await world.leases.release(lease);
      await world.leases.release(lease);
      expect(await world.leases.renew(lease, 60)).toBe(false);
      expect(await take('w1')).toMatchObject({ number: 2 });
    });

    test('a lease that is handed over waits for one only, and not for ever', async () => {
      const lease = await taken();
      await world.leases.handOver(lease, 'sync:s-1', 60);
      await world.leases.handOver(lease, 'sync:s-1', 60);
      expect(await world.leases.renew(lease, 60)).toBe(false);
      expect(await take('w1')).toBeNull();
      expect(await take('w2', 'sync:s-2')).toBeNull();
      expect(await take('w2', 'sync:s-1')).toMatchObject({ number: 2, holder: 'w2' });
      expect(await take('w3', 'sync:s-1')).toBeNull();
      expect(await take('w2', 'sync:s-1')).toMatchObject({ number: 2 });
      const next = { districtId: district, holder: 'w2', number: 2 };
      await world.leases.handOver(next, 'sync:s-1', 60);
      world.clock.advanceSeconds(60);
      expect(await take('w4')).toMatchObject({ number: 3 });
      expect(await take('w5', 'sync:s-1')).toBeNull();
    });
  });

  describe(`${name}: loose files`, () => {
    const openSet = (id = 'd-1', folder = '') => world.ledger.openSet(district, folder, id, AT);
    const add = (each: DeliveryFile, id = 'd-1', folder = '') => world.ledger.addFile(district, folder, id, each);
    const files = async (id = 'd-1') =>
      (await world.ledger.files(district, id)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const seal = (state: 'received' | 'incomplete' = 'received', id = 'd-1') =>
      world.ledger.seal(delivery(district, id, { packaging: 'files', state }));

    test('one set for each folder; whoever comes second joins it', async () => {
      expect(await openSet('d-1')).toEqual({ deliveryId: 'd-1', openedAt: AT });
      expect(await openSet('d-1')).toEqual({ deliveryId: 'd-1', openedAt: AT });
      expect(await openSet('d-2')).toEqual({ deliveryId: 'd-1', openedAt: AT });
      expect(await openSet('d-3', 'test')).toEqual({ deliveryId: 'd-3', openedAt: AT });
      expect((await world.ledger.openSets(district)).toSorted((a, b) => (a.folder < b.folder ? -1 : 1))).toEqual([
        { folder: '', deliveryId: 'd-1', openedAt: AT },
        { folder: 'test', deliveryId: 'd-3', openedAt: AT },
      ]);
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'receiving', folder: '', order: '' });
      expect(await world.ledger.get(district, 'd-2')).toBeNull();
      expect(await world.ledger.waiting(district)).toEqual([]);
    });

    test('two who open at once agree', async () => {
      const sets = await Promise.all([openSet('d-1'), openSet('d-2'), openSet('d-3')]);
      expect(new Set(sets.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    });

    test('a file is added once; the later version of a name stays, in whatever order they come', async () => {
      await openSet();
      expect(await add(file('users.csv', 1))).toBe('added');
      expect(await add(file('users.csv', 1))).toBe('known');
      expect(await add(file('orgs.csv', 3))).toBe('added');
      expect(await add(file('users.csv', 2))).toBe('added');
      expect(await add(file('users.csv', 1))).toBe('known');
      expect(await files()).toEqual([file('orgs.csv', 3), file('users.csv', 2)]);
    });

    test('two versions of one second end the same way in either order', async () => {
      const lastModified = AT;
      const [a, b] = [file('users.csv', 1, { lastModified }), file('users.csv', 2, { lastModified })];
      await openSet('d-1');
      await openSet('d-2', 'other');
      for (const each of [a, b]) await add(each, 'd-1');
      for (const each of [b, a]) await add(each, 'd-2', 'other');
      expect(await files('d-1')).toEqual(await files('d-2'));
    });

    test('a sealed set takes no more files, and the next one gets its own', async () => {
      await openSet();
      await add(file('users.csv', 1));
      expect(await seal()).toBe('sealed');
      expect(await seal()).toBe('sealed');
      expect(await add(file('orgs.csv', 2))).toBe('closed');
      expect(await add(file('users.csv', 1))).toBe('known');
      expect(await openSet('d-2')).toEqual({ deliveryId: 'd-2', openedAt: AT });
      expect(await files()).toEqual([file('users.csv', 1)]);
      expect(await world.ledger.openSets(district)).toEqual([{ folder: '', deliveryId: 'd-2', openedAt: AT }]);
      expect((await world.ledger.waiting(district)).map(({ deliveryId }) => deliveryId)).toEqual(['d-1']);
    });

    test('a set that is sealed as incomplete does not wait', async () => {
      await openSet();
      expect(await seal('incomplete')).toBe('sealed');
      expect(await world.ledger.waiting(district)).toEqual([]);
      expect(await seal('received')).toBe('already');
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'incomplete' });
    });

    test('opening with the id of a set that was sealed meanwhile opens nothing', async () => {
      await openSet();
      await seal();
      expect(await openSet('d-1')).toMatchObject({ deliveryId: 'd-1' });
      expect(await add(file('users.csv', 1))).toBe('closed');
      expect(await world.ledger.openSets(district)).toEqual([]);
    });

    test('a seal races with a file: the file is in the set, or told that it is closed', async () => {
      await openSet();
      const [added, sealed] = await Promise.all([add(file('users.csv', 1)), seal()]);
      expect(sealed).toBe('sealed');
      expect(await files()).toHaveLength(added === 'added' ? 1 : 0);
    });

    test('of two who seal differently, one does', async () => {
      await openSet();
      expect([await seal('received'), await seal('incomplete')]).toEqual(['sealed', 'already']);
    });
  });

  describe(`${name}: deliveries`, () => {
    const create = (id: string, more: Partial<Delivery> = {}) =>
      world.ledger.create(delivery(district, id, more), [file('export.zip', 1)]);
    const waiting = async () => (await world.ledger.waiting(district)).map(({ deliveryId }) => deliveryId);

    test('a zip is created with its file, and waits', async () => {
      expect(await create('d-1')).toBe('created');
      expect(await create('d-1')).toBe('created');
      expect(await create('d-1', { receivedAt: '2026-11-24T00:00:00.000Z' })).toBe('already');
      expect(await world.ledger.get(district, 'd-1')).toEqual(delivery(district, 'd-1'));
      expect(await world.ledger.files(district, 'd-1')).toEqual([file('export.zip', 1)]);
      expect(await waiting()).toEqual(['d-1']);
      expect(await world.ledger.get(newDistrict(), 'd-1')).toBeNull();
    });

    test('a broken zip does not wait', async () => {
      await create('d-1', { state: 'incomplete' });
      expect(await waiting()).toEqual([]);
    });

    test('waiting deliveries come oldest order first, lists newest id first', async () => {
      await create('d-3', { order: 'a' });
      await create('d-1', { order: 'c' });
      await create('d-2', { order: 'b' });
      expect(await waiting()).toEqual(['d-3', 'd-2', 'd-1']);
      expect((await world.ledger.list(district, 2)).map(({ deliveryId }) => deliveryId)).toEqual(['d-3', 'd-2']);
    });

    test('settled once, under the lease, and never waits again', async () => {
      await create('d-1');
      await create('d-2');
      const lease = await taken();
      const [first, second] = [delivery(district, 'd-1'), delivery(district, 'd-2')];
      expect(await world.ledger.settle(lease, first, 'superseded', null)).toBe(true);
      expect(await world.ledger.settle(lease, first, 'superseded', null)).toBe(true);
      expect(await world.ledger.settle(lease, first, 'planned', 's-1')).toBe(false);
      expect(await world.ledger.settle(lease, second, 'planned', 's-2')).toBe(true);
      expect(await waiting()).toEqual([]);
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'superseded', syncId: null });
      expect(await world.ledger.get(district, 'd-2')).toMatchObject({ state: 'planned', syncId: 's-2' });
      expect(await create('d-1')).toBe('already');
      expect(await waiting()).toEqual([]);
    });

    test('R15: a stale lease settles nothing', async () => {
      await create('d-1');
      const stale = await taken();
      world.clock.advanceSeconds(60);
      await taken('w2');
      expect(await world.ledger.settle(stale, delivery(district, 'd-1'), 'planned', 's-1')).toBe(false);
      expect(await waiting()).toEqual(['d-1']);
    });
  });

  describe(`${name}: syncs`, () => {
    test('a new district has run nothing', async () => {
      expect(await world.syncs.state(district)).toEqual({ applyingSyncId: null, lastApplied: null, syncPaused: false });
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
  });
}

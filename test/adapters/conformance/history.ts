import { EMPTY_SYNC } from '../../../lib/core/sync/new-sync.ts';
import type { Delivery, DeliveryFile, Sync } from '../../../lib/core/sync/sync.ts';
import type { Lease } from '../../../lib/ports/ledger.ts';
import { newDistrict, type TableWorld } from './world.ts';

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T02:00:00.000Z`;

/** What the stores must do with deliveries and syncs that are kept long enough (R22). */
export function historyConformance(name: string, open: () => TableWorld): void {
  let world: TableWorld;
  let district: string;
  let lease: Lease;
  beforeEach(async () => {
    world = open();
    district = newDistrict();
    const taken = await world.leases.take(district, 'w1', 60);
    if (taken === null) throw new Error('the lease is not free');
    lease = taken;
  });

  const deliveryOf = (at: number, more: Partial<Delivery> = {}): Delivery => ({
    ...{ districtId: district, deliveryId: `d-${day(at)}`, state: 'incomplete', folder: '', packaging: 'files' },
    ...{ order: day(at), hasDelta: false, bulkFiles: [], deltaFiles: [], openedAt: day(at), receivedAt: null },
    syncId: null,
    ...more,
  });
  const syncOf = (at: number, more: Partial<Sync> = {}): Sync => ({
    ...{ ...EMPTY_SYNC, districtId: district, syncId: `s-${day(at)}`, deliveryId: `d-${day(at)}`, attempt: 1 },
    ...{ state: 'rejected', createdAt: day(at), endedAt: day(at) },
    ...more,
  });
  const fileOf = (at: number, index: number): DeliveryFile => ({
    ...{ fileId: `f-${at}-${index}`, name: `file-${index}.csv`, key: 'deliveries/x', bytes: 1, eTag: '"1"' },
    lastModified: day(at),
  });
  const add = async (at: number, files = 1) =>
    world.ledger.create(
      deliveryOf(at),
      Array.from({ length: files }, (_, index) => fileOf(at, index)),
    );
  async function ids<T>(batches: AsyncIterable<readonly T[]>, idOf: (row: T) => string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const batch of batches) found.push(...batch.map(idOf));
    return found;
  }
  const old = (cutoff: string) => ids(world.history.deliveries(district, cutoff), ({ deliveryId }) => deliveryId);
  const oldSyncs = (cutoff: string) => ids(world.history.syncs(district, cutoff), ({ syncId }) => syncId);

  describe(`${name}: history`, () => {
    test('what is old is found, oldest first, and nothing younger or of others', async () => {
      for (const at of [3, 1, 2]) {
        await add(at);
        await world.syncs.save(lease, syncOf(at), null);
      }
      expect(await old(day(2))).toEqual([`d-${day(1)}`, `d-${day(2)}`]);
      expect(await oldSyncs(day(2))).toEqual([`s-${day(1)}`, `s-${day(2)}`]);
      expect(await ids(world.history.deliveries(newDistrict(), day(9)), String)).toEqual([]);
    });

    test('more than a page of them is found', async () => {
      const many = Array.from({ length: 130 }, (_, at) => `s-2026-10-01-${String(at).padStart(3, '0')}`);
      for (const syncId of many) await world.syncs.save(lease, syncOf(1, { syncId }), null);
      expect(await oldSyncs(day(2))).toEqual(many);
    });

    test('a delivery goes with all of its files and its sync, in one step, and nothing else does', async () => {
      await add(1, 22);
      await add(2);
      await world.syncs.save(lease, syncOf(1), null);
      await world.syncs.save(lease, syncOf(2), null);
      expect(await world.history.removeDelivery(lease, deliveryOf(1), syncOf(1))).toBe(true);
      expect(await world.ledger.files(district, `d-${day(1)}`)).toEqual([]);
      expect((await world.ledger.list(district, 9)).map(({ deliveryId }) => deliveryId)).toEqual([`d-${day(2)}`]);
      expect((await world.syncs.list(district, 9)).map(({ syncId }) => syncId)).toEqual([`s-${day(2)}`]);
      expect(await world.ledger.files(district, `d-${day(2)}`)).toHaveLength(1);
      // Again, after an answer that was lost.
      expect(await world.history.removeDelivery(lease, deliveryOf(1), syncOf(1))).toBe(true);
    });

    test('one that became something else stays whole', async () => {
      await add(1);
      await world.syncs.save(lease, syncOf(1, { state: 'held' }), null);
      expect(await world.history.removeDelivery(lease, deliveryOf(1), syncOf(1))).toBe(false);
      expect(await world.history.removeDelivery(lease, deliveryOf(1, { state: 'planned' }), null)).toBe(false);
      expect(await world.history.removeSync(lease, syncOf(1))).toBe(false);
      expect(await world.ledger.get(district, `d-${day(1)}`)).not.toBeNull();
      expect(await world.ledger.files(district, `d-${day(1)}`)).toHaveLength(1);
      expect(await world.syncs.get(district, `s-${day(1)}`)).not.toBeNull();
    });

    test('R15: without the lease nothing goes', async () => {
      await add(1);
      await world.syncs.save(lease, syncOf(1), null);
      world.clock.advanceSeconds(60);
      await world.leases.take(district, 'w2', 60);
      expect(await world.history.removeDelivery(lease, deliveryOf(1), syncOf(1))).toBe(false);
      expect(await world.history.removeSync(lease, syncOf(1))).toBe(false);
      expect(await world.ledger.files(district, `d-${day(1)}`)).toHaveLength(1);
      expect(await world.syncs.get(district, `s-${day(1)}`)).not.toBeNull();
    });

    test('a sync of its own goes, and is not found by its id any more', async () => {
      const undo = syncOf(1, { syncId: `s-${district}`, origin: 'undo' });
      await world.syncs.save(lease, undo, null);
      expect(await world.history.removeSync(lease, undo)).toBe(true);
      expect(await world.syncs.find(undo.syncId)).toBeNull();
      expect(await world.history.removeSync(lease, undo)).toBe(true);
    });
  });
}

import type { ExpiredHistory } from '../../ports/expired-history.ts';
import { stillHolds } from './leases.ts';
import type { MemoryStore } from './memory-store.ts';

/** Rows in a batch of a read. */
const BATCH = 40;

function* batches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH);
}

/** Deliveries and syncs whose time is over, over plain maps. */
export function memoryExpiredHistory(store: MemoryStore): ExpiredHistory {
  const isAs = (state: string, stored: { readonly state: string } | undefined) =>
    stored === undefined || stored.state === state;
  const removeSync = (districtId: string, syncId: string) => {
    store.syncs.of(districtId).delete(syncId);
    store.syncIndex.delete(syncId);
  };
  return {
    async *deliveries(districtId, cutoff) {
      const old = [...store.deliveries.of(districtId).values()].filter(({ openedAt }) => openedAt <= cutoff);
      yield* batches(old.sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1)));
    },
    async *syncs(districtId, cutoff) {
      const old = [...store.syncs.of(districtId).values()].filter(({ createdAt }) => createdAt <= cutoff);
      yield* batches(old.sort((a, b) => (a.syncId < b.syncId ? -1 : 1)));
    },
    async removeDelivery(lease, { districtId, deliveryId, state }, sync) {
      if (!stillHolds(store, lease)) return false;
      if (!isAs(state, store.deliveries.of(districtId).get(deliveryId))) return false;
      if (sync !== null && !isAs(sync.state, store.syncs.of(districtId).get(sync.syncId))) return false;
      store.files.of(districtId, deliveryId).clear();
      store.deliveries.of(districtId).delete(deliveryId);
      if (sync !== null) removeSync(districtId, sync.syncId);
      return true;
    },
    async removeSync(lease, { districtId, syncId, state }) {
      if (!stillHolds(store, lease) || !isAs(state, store.syncs.of(districtId).get(syncId))) return false;
      removeSync(districtId, syncId);
      return true;
    },
  };
}

import { isDeepStrictEqual as same } from 'node:util';
import { NEW_DISTRICT_STATE } from '../../core/sync/new-district.ts';
import type { SyncLog } from '../../ports/ledger.ts';
import { stillHolds } from './leases.ts';
import type { MemoryStore } from './memory-store.ts';

/** Syncs and running states over plain maps. */
export function memorySyncLog(store: MemoryStore): SyncLog {
  return {
    async state(districtId) {
      return store.states.get(districtId) ?? NEW_DISTRICT_STATE;
    },
    async get(districtId, syncId) {
      return store.syncs.of(districtId).get(syncId) ?? null;
    },
    async find(syncId) {
      return store.syncIndex.get(syncId) ?? null;
    },
    async list(districtId, limit) {
      return [...store.syncs.of(districtId).values()].sort((a, b) => (a.syncId > b.syncId ? -1 : 1)).slice(0, limit);
    },
    async save(lease, sync, from, state) {
      const { districtId, syncId } = sync;
      if (!stillHolds(store, lease)) return false;
      const stored = store.syncs.of(districtId).get(syncId);
      if ((stored?.state ?? null) !== from)
        return same(stored, sync) && (!state || same(store.states.get(districtId), state));
      store.syncs.of(districtId).set(syncId, sync);
      store.syncIndex.set(syncId, sync);
      if (state) store.states.set(districtId, state);
      return true;
    },
    async saveState(lease, state) {
      if (!stillHolds(store, lease)) return false;
      store.states.set(lease.districtId, state);
      return true;
    },
  };
}

import { isDeepStrictEqual as same } from 'node:util';
import { NEW_DISTRICT_STATE } from '../../core/sync/new-district.ts';
import type { Sync } from '../../core/sync/sync.ts';
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
        return sameButTold(stored, sync) && (!state || same(store.states.get(districtId), state));
      store.syncs.of(districtId).set(syncId, sync);
      store.syncIndex.set(syncId, sync);
      if (state) store.states.set(districtId, state);
      return true;
    },
    async markTold(districtId, syncId, states) {
      const stored = store.syncs.of(districtId).get(syncId);
      if (stored === undefined) return;
      const told = { ...stored, untold: stored.untold.filter((each) => !states.includes(each)) };
      store.syncs.of(districtId).set(syncId, told);
      store.syncIndex.set(syncId, told);
    },
    async saveState(lease, state) {
      if (!stillHolds(store, lease)) return false;
      store.states.set(lease.districtId, state);
      return true;
    },
  };
}

/** Whether this is what is stored; that it was told meanwhile does not matter. */
const sameButTold = (stored: Sync | undefined, sync: Sync): boolean =>
  stored !== undefined && same({ ...stored, untold: [] }, { ...sync, untold: [] });

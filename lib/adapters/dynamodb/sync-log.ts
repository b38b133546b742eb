import {
  districtPartition,
  GSI1,
  type Key,
  STATE_SORT,
  syncIndex,
  syncsPartition,
} from '../../contracts/table-keys.ts';
import { NEW_DISTRICT_STATE } from '../../core/sync/new-district.ts';
import { EMPTY_SYNC } from '../../core/sync/new-sync.ts';
import type { DistrictState, Sync } from '../../core/sync/sync.ts';
import type { Lease, SyncLog } from '../../ports/ledger.ts';
import { holdsNumber, leaseKey } from './leases.ts';
import { bodyAttribute, bodyOf, holdsBody } from './stored-body.ts';
import { type Condition, type Item, keyItem, type Part, type TableClient } from './table-client.ts';

/** Where a sync is. */
export const syncKey = (districtId: string, syncId: string): Key => ({ pk: syncsPartition(districtId), sk: syncId });
const stateKey = (districtId: string): Key => ({ pk: districtPartition(districtId), sk: STATE_SORT });

/** The sync of a row. Rows that an earlier version wrote lack what came later. */
export const syncOf = (item: Item): Sync => ({ ...EMPTY_SYNC, ...bodyOf<Sync>(item) });

const syncItem = (sync: Sync): Item => ({
  ...keyItem(syncKey(sync.districtId, sync.syncId)),
  gsi1pk: { S: syncIndex(sync.syncId) },
  gsi1sk: { S: sync.districtId },
  state: { S: sync.state },
  ...bodyAttribute(sync),
});

const statePut = (districtId: string, state: DistrictState): Part => ({
  put: { ...keyItem(stateKey(districtId)), ...bodyAttribute(state) },
});

const isIn = (from: Sync['state'] | null): Condition =>
  from === null
    ? { expression: 'attribute_not_exists(pk)' }
    : { expression: '#state = :from', names: { '#state': 'state' }, values: { ':from': { S: from } } };

/** Syncs and running states in DynamoDB. Failure: `ServiceBusy`. */
export function createSyncLog(table: TableClient): SyncLog {
  const get = async (districtId: string, syncId: string) => {
    const item = await table.get(syncKey(districtId, syncId));
    return item && syncOf(item);
  };
  return {
    get,
    async state(districtId) {
      const item = await table.get(stateKey(districtId));
      return item ? { ...NEW_DISTRICT_STATE, ...bodyOf<DistrictState>(item) } : NEW_DISTRICT_STATE;
    },
    async find(syncId) {
      // The index is a moment behind and says only which district; the row itself is read consistently.
      const [entry] = await table.all({ partition: syncIndex(syncId), index: GSI1, limit: 1 });
      const districtId = entry?.['gsi1sk']?.S;
      return districtId === undefined ? null : get(districtId, syncId);
    },
    async list(districtId, limit) {
      const items = await table.all({ partition: syncsPartition(districtId), newestFirst: true, limit });
      return items.map((item) => syncOf(item));
    },
    save: (lease, sync, from, state) => save(table, lease, sync, from, state),
    async markTold(districtId, syncId, states) {
      const item = await table.get(syncKey(districtId, syncId));
      if (!item?.['body']) return;
      const sync = syncOf(item);
      const told = { ...sync, untold: sync.untold.filter((each) => !states.includes(each)) };
      const asRead = { expression: '#body = :body', names: { '#body': 'body' }, values: { ':body': item['body'] } };
      await table.transact([{ put: syncItem(told), condition: asRead }]);
    },
    async saveState(lease, state) {
      const outcome = await table.transact([
        { check: leaseKey(lease.districtId), condition: holdsNumber(lease) },
        statePut(lease.districtId, state),
      ]);
      return outcome.done;
    },
  };
}

async function save(
  table: TableClient,
  lease: Lease,
  sync: Sync,
  from: Sync['state'] | null,
  state: DistrictState | undefined,
): Promise<boolean> {
  const parts: Part[] = [
    { check: leaseKey(sync.districtId), condition: holdsNumber(lease) },
    { put: syncItem(sync), condition: isIn(from) },
    ...(state ? [statePut(sync.districtId, state)] : []),
  ];
  const outcome = await table.transact(parts);
  if (outcome.done) return true;
  if (outcome.refused.includes(0)) return false;
  // Not in `from` any more: an earlier attempt of this call may have written exactly this.
  const stored = await table.get(syncKey(sync.districtId, sync.syncId));
  // It may have been told since.
  const sameSync = holdsBody(stored, sync) || holdsBody(stored, { ...sync, untold: [] });
  return sameSync && (!state || holdsBody(await table.get(stateKey(sync.districtId)), state));
}

import { deliveriesPartition, deliveryFilesPartition, syncsPartition } from '../../contracts/table-keys.ts';
import type { Delivery, Sync } from '../../core/sync/sync.ts';
import type { ExpiredHistory } from '../../ports/expired-history.ts';
import { deliveryKey, deliveryOf } from './delivery-ledger.ts';
import { holdsNumber, leaseKey } from './leases.ts';
import { syncKey, syncOf } from './sync-log.ts';
import type { Condition, Item, Part, TableClient } from './table-client.ts';

/** Rows of one read. Oldest first, so that a night reads what is due and one page more. */
const PAGE = 100;

/** A transaction has 100 parts; OneRoster has 22 files. */
const FILES_AT_ONCE = 90;

/** Gone already is fine: an attempt whose answer was lost. */
const stillIn = (state: string): Condition => ({
  expression: 'attribute_not_exists(pk) OR #state = :state',
  names: { '#state': 'state' },
  values: { ':state': { S: state } },
});

/** Deliveries and syncs whose time is over, in DynamoDB. Failure: `ServiceBusy`. */
export function createExpiredHistory(table: TableClient): ExpiredHistory {
  return {
    deliveries: (districtId, cutoff) =>
      oldest(table, deliveriesPartition(districtId), deliveryOf, ({ openedAt }: Delivery) => openedAt <= cutoff),
    syncs: (districtId, cutoff) =>
      oldest(table, syncsPartition(districtId), syncOf, ({ createdAt }: Sync) => createdAt <= cutoff),
    async removeDelivery(lease, delivery, sync) {
      const { districtId, deliveryId } = delivery;
      const partition = deliveryFilesPartition(districtId, deliveryId);
      const files = (await table.all({ partition, attributes: ['sk'] })).map(
        (item): Part => ({ remove: { pk: partition, sk: item['sk']?.S ?? '' } }),
      );
      const check = { check: leaseKey(districtId), condition: holdsNumber(lease) };
      // Of a set of very many files some go before: without their delivery nobody would find them.
      while (files.length > FILES_AT_ONCE)
        if (!(await table.transact([check, ...files.splice(0, FILES_AT_ONCE)])).done) return false;
      const { done } = await table.transact([
        check,
        { remove: deliveryKey(districtId, deliveryId), condition: stillIn(delivery.state) },
        ...(sync === null ? [] : [removal(sync)]),
        ...files,
      ]);
      return done;
    },
    async removeSync(lease, sync) {
      const check = { check: leaseKey(sync.districtId), condition: holdsNumber(lease) };
      return (await table.transact([check, removal(sync)])).done;
    },
  };
}

const removal = ({ districtId, syncId, state }: Sync): Part => ({
  remove: syncKey(districtId, syncId),
  condition: stillIn(state),
});

/** Ids sort by time: behind a page without anything old there is nothing old. */
async function* oldest<T>(
  table: TableClient,
  partition: string,
  rowOf: (item: Item) => T,
  isOld: (row: T) => boolean,
): AsyncGenerator<readonly T[]> {
  let next: Item | undefined;
  do {
    const { items, nextKey } = await table.page({ partition, limit: PAGE }, next);
    const old = items.map(rowOf).filter(isOld);
    if (old.length === 0) return;
    yield old;
    next = nextKey;
  } while (next);
}

import { tenantKey } from '../../contracts/sign-on-keys.ts';
import {
  DEPARTURES_INDEX,
  DISTRICTS_PARTITION,
  districtPartition,
  GSI1,
  type Key,
  SETTINGS_SORT,
  STATE_SORT,
  sftpAccountKey,
  tombstoneKey,
} from '../../contracts/table-keys.ts';
import type { Departure } from '../../core/district/departure.ts';
import type { Departures, VersionedDeparture } from '../../ports/departures.ts';
import type { Lease } from '../../ports/ledger.ts';
import { holdsNumber, leaseKey } from './leases.ts';
import { bodyAttribute, bodyOf, holdsBody } from './stored-body.ts';
import { type Condition, type Item, keyItem, type Part, type TableClient } from './table-client.ts';

/** A part of a transaction that holds while the district has not left. Never the first part: a lease is judged first. */
export const hasNotLeft = (districtId: string): Part => ({
  check: tombstoneKey(districtId),
  condition: { expression: 'attribute_not_exists(pk)' },
});

const isAt = (version: number): Condition => ({
  expression: '#version = :version',
  names: { '#version': 'version' },
  values: { ':version': { N: String(version) } },
});

const tombstone = (departure: Departure, version: number): Item => ({
  ...keyItem(tombstoneKey(departure.districtId)),
  gsi1pk: { S: DEPARTURES_INDEX },
  gsi1sk: { S: departure.districtId },
  version: { N: String(version) },
  ...bodyAttribute(departure),
});

/** Districts that have left, in DynamoDB. Failure: `ServiceBusy`. */
export function createDepartures(table: TableClient): Departures {
  const find = async (districtId: string): Promise<VersionedDeparture | null> => {
    const item = await table.get(tombstoneKey(districtId));
    return item && { departure: bodyOf<Departure>(item), version: Number(item['version']?.N) };
  };
  return {
    find,
    async list() {
      const items = await table.all({ partition: DEPARTURES_INDEX, index: GSI1 });
      return items.map((item) => bodyOf<Departure>(item));
    },
    async begin(lease, departure) {
      const outcome = await table.transact(await partsOfLeaving(table, lease, departure));
      if (outcome.done) return 'begun';
      const stored = await find(departure.districtId);
      // An earlier attempt of this call, whose answer was lost.
      if (stored?.departure.order.orderId === departure.order.orderId) return 'begun';
      return outcome.refused.includes(0) ? 'stale' : 'changed';
    },
    async save(departure, expectedVersion) {
      const put = tombstone(departure, expectedVersion + 1);
      const { done } = await table.transact([{ put, condition: isAt(expectedVersion) }]);
      if (done) return 'saved';
      const stored = await table.get(tombstoneKey(departure.districtId));
      const already = stored?.['version']?.N === String(expectedVersion + 1) && holdsBody(stored, departure);
      return already ? 'saved' : 'conflict';
    },
  };
}

async function partsOfLeaving(table: TableClient, lease: Lease, departure: Departure): Promise<Part[]> {
  const { districtId, classLinkTenantId, order } = departure;
  const own = districtPartition(districtId);
  const lookUps = [sftpAccountKey(districtId), ...(classLinkTenantId === null ? [] : [tenantKey(classLinkTenantId)])];
  return [
    { check: leaseKey(districtId), condition: holdsNumber(lease) },
    { remove: { pk: own, sk: SETTINGS_SORT }, condition: isAt(order.settingsVersion) },
    { put: tombstone(departure, 1), condition: { expression: 'attribute_not_exists(pk)' } },
    { remove: { pk: DISTRICTS_PARTITION, sk: districtId } },
    // Without it an apply that comes late has nothing to apply.
    { remove: { pk: own, sk: STATE_SORT } },
    ...(await ownOf(table, districtId, lookUps)),
  ];
}

/** R3: a login or tenant that has become another district's stays. */
async function ownOf(table: TableClient, districtId: string, keys: readonly Key[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (const key of keys) {
    const item = await table.get(key);
    if (item?.['districtId']?.S !== districtId) continue;
    const values = { ':own': { S: districtId } };
    parts.push({ remove: key, condition: { expression: 'attribute_not_exists(pk) OR districtId = :own', values } });
  }
  return parts;
}

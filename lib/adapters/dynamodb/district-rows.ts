import { keyOfSchoolRow } from '../../contracts/record-index.ts';
import { anchorsIndex, denialsIndex, sessionsIndex } from '../../contracts/sign-on-keys.ts';
import {
  BUCKET_COUNT,
  barsPartition,
  claimsPartition,
  commandsPartition,
  deliveriesPartition,
  deliveryFilesPartition,
  districtPartition,
  GSI1,
  type Key,
  LEASE_SORT,
  mailsPartition,
  schoolPartition,
  syncedPartition,
  syncsPartition,
  TOMBSTONE_SORT,
} from '../../contracts/table-keys.ts';
import { RECORD_KINDS, type RecordKind } from '../../core/oneroster/kinds.ts';
import type { DistrictRows, RowBatch } from '../../ports/district-rows.ts';
import { readPartitions } from './read-partitions.ts';
import { SOURCE_SIS, storedSchoolRows } from './record-item.ts';
import type { Item, TableClient, TableQuery } from './table-client.ts';

/** Keys by what they are, in the order in which they go. They are told together, so that each batch is a step forward. */
type FoundRows = Readonly<Record<string, readonly Key[]>>;

const KEYS = ['pk', 'sk'] as const;
const keyOf = (item: Item): Key => ({ pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' });

/** Rows of the district's own partition that stay: the lease's number only grows (R15), and what says that it has left. */
const STAYS: readonly string[] = [LEASE_SORT, TOMBSTONE_SORT];

/** Rows of a district in DynamoDB, found by Queries alone: other districts are never read (R3). Failure: `ServiceBusy`. */
export function createDistrictRows(table: TableClient): DistrictRows {
  return {
    async *count(districtId) {
      for await (const found of rowsOf(table, districtId, false)) yield countsOf(found);
    },
    async *remove(districtId) {
      for await (const found of rowsOf(table, districtId, true)) {
        for (const keys of Object.values(found)) await table.removeMany(keys);
        yield countsOf(found);
      }
    },
  };
}

const countsOf = (found: FoundRows): RowBatch =>
  Object.fromEntries(Object.entries(found).map(([what, keys]) => [what, keys.length]));

/**
 * Who refers to others comes first, and what leads to other rows comes after them. `strays`: once all users are gone,
 * rows of schools that no user knew of; before that they cannot be told apart.
 */
async function* rowsOf(table: TableClient, districtId: string, strays: boolean): AsyncGenerator<FoundRows> {
  const index = (what: string, partition: string) => plainRows(table, what, { partition, index: GSI1 });
  const base = (what: string, partition: string) => plainRows(table, what, { partition });
  yield* index('session', sessionsIndex(districtId));
  yield* index('refusal', denialsIndex(districtId));
  yield* index('anchor', anchorsIndex(districtId));
  for (const kind of RECORD_KINDS.toReversed()) yield* records(table, districtId, kind, strays);
  yield* deliveries(table, districtId);
  yield* base('claim', claimsPartition(districtId));
  yield* base('bar', barsPartition(districtId));
  yield* base('sync', syncsPartition(districtId));
  yield* base('command', commandsPartition(districtId));
  yield* base('mail', mailsPartition(districtId));
  yield* ownRows(table, districtId);
}

async function* plainRows(
  table: TableClient,
  what: string,
  query: Omit<TableQuery, 'attributes'>,
): AsyncGenerator<FoundRows> {
  for await (const items of readPartitions(table, [{ ...query, attributes: KEYS }])) yield { [what]: items.map(keyOf) };
}

/** Synced records of a kind, each user after its rows of schools. */
async function* records(
  table: TableClient,
  districtId: string,
  kind: RecordKind,
  strays: boolean,
): AsyncGenerator<FoundRows> {
  const attributes = kind === 'user' ? [...KEYS, 'schoolRows'] : KEYS;
  const buckets = Array.from({ length: BUCKET_COUNT }, (_, bucket) => ({
    partition: syncedPartition(districtId, kind, bucket),
    attributes,
  }));
  for await (const items of readPartitions(table, buckets)) {
    const keys = items.map(keyOf);
    // Rows that a crashed write of a user has left, and no user knows of.
    if (strays && kind === 'org') for (const { sk } of keys) yield* strayRows(table, districtId, sk);
    yield { ...(kind === 'user' ? { schoolRow: schoolRowsOf(districtId, items) } : {}), [kind]: keys };
  }
}

const schoolRowsOf = (districtId: string, users: readonly Item[]): readonly Key[] =>
  users.flatMap((item) =>
    (storedSchoolRows(item) ?? []).map((row) => keyOfSchoolRow(districtId, row, item['sk']?.S ?? '')),
  );

async function* strayRows(table: TableClient, districtId: string, orgSourcedId: string): AsyncGenerator<FoundRows> {
  const query = { partition: schoolPartition(districtId, orgSourcedId), attributes: [...KEYS, 'source'] };
  for await (const items of readPartitions(table, [query])) {
    const synced = items.filter((item) => item['source']?.S === SOURCE_SIS);
    if (synced.length > 0) yield { schoolRow: synced.map(keyOf) };
  }
}

/** Deliveries, each after its files. */
async function* deliveries(table: TableClient, districtId: string): AsyncGenerator<FoundRows> {
  const query = { partition: deliveriesPartition(districtId), attributes: KEYS };
  for await (const items of readPartitions(table, [query])) {
    const keys = items.map(keyOf);
    const files = keys.map(({ sk }) => ({ partition: deliveryFilesPartition(districtId, sk), attributes: KEYS }));
    for await (const found of readPartitions(table, files)) yield { deliveryFile: found.map(keyOf) };
    yield { delivery: keys };
  }
}

/** Open sets, waiting deliveries, what `watch` remembers, and settings and state where the district has not left yet. */
async function* ownRows(table: TableClient, districtId: string): AsyncGenerator<FoundRows> {
  const query = { partition: districtPartition(districtId), attributes: KEYS };
  for await (const items of readPartitions(table, [query])) {
    const keys = items.map(keyOf).filter(({ sk }) => !STAYS.includes(sk));
    if (keys.length > 0) yield { state: keys };
  }
}

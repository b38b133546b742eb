import {
  BUCKET_COUNT,
  fenceKey,
  type Key,
  manualPartition,
  syncedPartition,
  WRITE_LANES,
} from '../../contracts/table-keys.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import type { Change, StoredRecord } from '../../core/plan/change.ts';
import { NotASyncedRecord } from '../../ports/failure.ts';
import type { Fence, ManualUser, RosterTable, WriteStamp } from '../../ports/roster-table.ts';
import {
  ATTRIBUTES_TO_LOOK_AT,
  keysToLookAt,
  packTransactions,
  partsOfChange,
  weightOfChange,
} from './change-parts.ts';
import { readPartitions } from './read-partitions.ts';
import { attributesOfKind, createRecordDecoder } from './record-item.ts';
import type { Item, Part, TableClient } from './table-client.ts';

/** The roster part of the state table in DynamoDB. Failures: `NotASyncedRecord`, `ServiceBusy`. */
export function createRosterTable(table: TableClient): RosterTable {
  return {
    readSynced: (districtId, kind) => readSynced(table, districtId, kind),
    readManualUsers: (districtId) => readManualUsers(table, districtId),
    raiseFences: (districtId, number) => raiseFences(table, districtId, number),
    writeChanges: (districtId, fence, changes, stamp) => writeChanges(table, districtId, fence, changes, stamp),
    weightOf: weightOfChange,
  };
}

async function* readSynced(
  table: TableClient,
  districtId: string,
  kind: RecordKind,
): AsyncGenerator<readonly StoredRecord[]> {
  const decode = createRecordDecoder(districtId, kind);
  const attributes = attributesOfKind(kind);
  const queries = Array.from({ length: BUCKET_COUNT }, (_, bucket) => ({
    partition: syncedPartition(districtId, kind, bucket),
    attributes,
  }));
  for await (const items of readPartitions(table, queries)) {
    const records: StoredRecord[] = [];
    for (const item of items) {
      const record = decode(item);
      if (record) records.push(record);
    }
    yield records;
  }
}

async function* readManualUsers(table: TableClient, districtId: string): AsyncGenerator<readonly ManualUser[]> {
  const text = (item: Item, name: string) => item[name]?.S ?? '';
  const query = { partition: manualPartition(districtId, 'user'), attributes: ['sk', 'username', 'email'] };
  for await (const items of readPartitions(table, [query]))
    yield items.map((item) => ({
      productId: text(item, 'sk'),
      username: text(item, 'username'),
      email: text(item, 'email'),
    }));
}

async function raiseFences(table: TableClient, districtId: string, number: number): Promise<boolean> {
  const raised = await Promise.all(
    Array.from({ length: WRITE_LANES }, (_, lane) =>
      table.update(
        fenceKey(districtId, lane),
        { expression: 'SET #n = :n', names: { '#n': 'number' }, values: { ':n': { N: String(number) } } },
        'attribute_not_exists(pk) OR #n <= :n',
      ),
    ),
  );
  return raised.every((row) => row !== null);
}

async function writeChanges(
  table: TableClient,
  districtId: string,
  fence: Fence,
  changes: readonly Change[],
  stamp: WriteStamp,
): Promise<'written' | 'fenced'> {
  const stored = await lookAt(
    table,
    changes.flatMap((change) => keysToLookAt(districtId, change)),
  );
  const storedOf = ({ pk, sk }: Key) => stored.get(nameOf(pk, sk)) ?? null;
  const packed = changes.map((change) => partsOfChange(districtId, change, stamp, storedOf));
  const check: Part = {
    check: fenceKey(districtId, fence.lane),
    condition: { expression: '#n = :n', names: { '#n': 'number' }, values: { ':n': { N: String(fence.number) } } },
  };
  for (const parts of packTransactions(packed)) {
    const outcome = await table.transact([check, ...parts]);
    if (outcome.done) continue;
    if (outcome.refused.includes(0)) return 'fenced';
    throw new NotASyncedRecord(`${outcome.refused.length} records under synced keys are not synced records`);
  }
  return 'written';
}

const nameOf = (pk: string, sk: string) => `${pk}\n${sk}`;

async function lookAt(table: TableClient, keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> {
  const items = keys.length === 0 ? [] : await table.getMany(keys, ATTRIBUTES_TO_LOOK_AT);
  return new Map(items.map((item) => [nameOf(item['pk']?.S ?? '', item['sk']?.S ?? ''), item]));
}

import { keyOfSchoolRow } from '../../contracts/record-index.ts';
import { anchorsIndex } from '../../contracts/sign-on-keys.ts';
import { CHANGE_PLACES } from '../../contracts/table-definition.ts';
import { BUCKET_COUNT, fenceKey, GSI1, syncedKey, syncedPartition } from '../../contracts/table-keys.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import type { ExpiredRecord, ExpiredRecords } from '../../ports/expired-records.ts';
import type { Fence } from '../../ports/roster-table.ts';
import { readPartitions } from './read-partitions.ts';
import { SOURCE_SIS, storedSchoolRows } from './record-item.ts';
import type { Condition, Item, Part, TableClient } from './table-client.ts';

const ATTRIBUTES = ['sk', 'source', 'status', 'inactiveSince', 'movedTo', 'schoolRows'] as const;

/** R22: only what the SIS has taken away, and long ago. A manual record never is (R2). */
const isExpired = (item: Item, cutoff: string): boolean =>
  item['source']?.S === SOURCE_SIS && item['status']?.S === 'inactive' && isBefore(item['inactiveSince']?.S, cutoff);

/** A record that does not say since when is not deleted: the next sync that writes it will say. */
const isBefore = (since: string | undefined, cutoff: string): boolean => since !== undefined && since <= cutoff;

const stillExpired = (cutoff: string): Condition => ({
  expression: '#source = :sis AND #status = :inactive AND #since <= :cutoff',
  names: { '#source': 'source', '#status': 'status', '#since': 'inactiveSince' },
  values: { ':sis': { S: SOURCE_SIS }, ':inactive': { S: 'inactive' }, ':cutoff': { S: cutoff } },
});

/** Records whose retention time is over, in DynamoDB. Failure: `ServiceBusy`. */
export function createExpiredRecords(table: TableClient): ExpiredRecords {
  return {
    async *find(districtId, kind, cutoff) {
      const buckets = Array.from({ length: BUCKET_COUNT }, (_, bucket) => ({
        partition: syncedPartition(districtId, kind, bucket),
        attributes: ATTRIBUTES,
      }));
      for await (const items of readPartitions(table, buckets)) {
        const expired = items.filter((item) => isExpired(item, cutoff)).map(recordOf);
        if (expired.length > 0) yield expired;
      }
    },
    async present(districtId, kind, sourcedIds) {
      const keys = sourcedIds.map((id) => syncedKey(districtId, kind, id));
      const items = await table.getMany(keys, ['sk']);
      return new Set(items.flatMap((item) => item['sk']?.S ?? []));
    },
    async forgetAnchors(districtId, sourcedIds) {
      const query = {
        partition: anchorsIndex(districtId),
        index: GSI1,
        attributes: ['pk', 'sk', 'sourcedId'],
      } as const;
      let forgotten = 0;
      for await (const items of readPartitions(table, [query])) {
        const theirs = items.filter((item) => sourcedIds.has(item['sourcedId']?.S ?? ''));
        for (const item of theirs) {
          const remove = { pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' };
          const values = { ':id': { S: item['sourcedId']?.S ?? '' } };
          // Meanwhile it may have become another record's.
          const outcome = await table.transact([{ remove, condition: { expression: 'sourcedId = :id', values } }]);
          if (outcome.done) forgotten++;
        }
      }
      return forgotten;
    },
    async remove(districtId, fence, kind, records, cutoff) {
      let removed = 0;
      for (const slice of slicesOf(records)) {
        const outcome = await removeSlice(table, districtId, fence, kind, slice, cutoff);
        if (outcome === 'fenced') return 'fenced';
        removed += outcome;
      }
      return removed;
    },
  };
}

const recordOf = (item: Item): ExpiredRecord => ({
  sourcedId: item['sk']?.S ?? '',
  movedTo: item['movedTo']?.S ?? null,
  schoolRows: storedSchoolRows(item) ?? [],
});

/** As many records as a transaction takes beside the check of its fence. Rows of schools beyond that stay behind. */
function slicesOf(records: readonly ExpiredRecord[]): ExpiredRecord[][] {
  const slices: ExpiredRecord[][] = [];
  let places = CHANGE_PLACES;
  for (const record of records) {
    const kept = { ...record, schoolRows: record.schoolRows.slice(0, CHANGE_PLACES - 1) };
    places += 1 + kept.schoolRows.length;
    if (places > CHANGE_PLACES) {
      slices.push([]);
      places = 1 + kept.schoolRows.length;
    }
    slices.at(-1)?.push(kept);
  }
  return slices;
}

async function removeSlice(
  table: TableClient,
  districtId: string,
  fence: Fence,
  kind: RecordKind,
  slice: readonly ExpiredRecord[],
  cutoff: string,
): Promise<number | 'fenced'> {
  let left = slice;
  while (left.length > 0) {
    const values = { ':n': { N: String(fence.number) } };
    const check: Part = {
      check: fenceKey(districtId, fence.lane),
      condition: { expression: '#n = :n', names: { '#n': 'number' }, values },
    };
    const records = left.map(
      ({ sourcedId }): Part => ({ remove: syncedKey(districtId, kind, sourcedId), condition: stillExpired(cutoff) }),
    );
    const schoolRows = left.flatMap(({ sourcedId, schoolRows: rows }) =>
      rows.map((row): Part => ({ remove: keyOfSchoolRow(districtId, row, sourcedId) })),
    );
    const outcome = await table.transact([check, ...records, ...schoolRows]);
    if (outcome.done) return left.length;
    if (outcome.refused.includes(0)) return 'fenced';
    // Gone already, by an attempt whose answer was lost, or not expired any more: the others go without them.
    left = left.filter((_, at) => !outcome.refused.includes(at + 1));
  }
  return 0;
}

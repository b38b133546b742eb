import { keyOfSchoolRow, partsOfSchoolRow, schoolRowsOf } from '../../contracts/record-index.ts';
import { CHANGE_PLACES } from '../../contracts/table-definition.ts';
import { type Key, syncedKey } from '../../contracts/table-keys.ts';
import { idOfLine, valuesOfLine } from '../../core/oneroster/record-line.ts';
import { type Change, type RecordImage, recordsOf } from '../../core/plan/change.ts';
import type { WriteStamp } from '../../ports/roster-table.ts';
import { encodeRecord, SOURCE_SIS, storedSchoolRows } from './record-item.ts';
import { type Condition, type Item, keyItem, type Part } from './table-client.ts';

/** R2: every write of a sync demands "absent, or source = sis". */
export const ABSENT_OR_SYNCED: Condition = {
  expression: 'attribute_not_exists(pk) OR #source = :sis',
  names: { '#source': 'source' },
  values: { ':sis': { S: SOURCE_SIS } },
};

/** DynamoDB takes 4 MB in a transaction; the rest is room for what the estimate below does not see. */
const MAX_TRANSACTION_BYTES = 3_500_000;

const rowsOf = (change: Change, image: RecordImage | null): readonly string[] =>
  image === null || change.kind !== 'user' ? [] : schoolRowsOf(change.kind, image.status, valuesOfLine(image.line));

/** 1 for the record, and 1 for each school row that comes or goes; never more than a transaction has places. */
export function weightOfChange(change: Change): number {
  return Math.min(
    CHANGE_PLACES,
    recordsOf(change).reduce((sum, each) => sum + weightOfRecord(each), 0),
  );
}

function weightOfRecord(change: Change): number {
  if (change.kind !== 'user') return 1;
  const before = new Set(rowsOf(change, change.before));
  const after = rowsOf(change, change.after);
  const kept = after.filter((row) => before.has(row)).length;
  return 1 + (after.length - kept) + (before.size - kept);
}

/** The stored items that a change must look at first. */
export const keysToLookAt = (districtId: string, change: Change): readonly Key[] =>
  recordsOf(change).flatMap((each) => keyToLookAt(districtId, each) ?? []);

/**
 * Which stored items a write must look at first: a user's, because its item alone knows which school rows exist (the
 * plan's `before` may hold a Portal edit), and that of a record that stays inactive, to keep since when it is.
 */
function keyToLookAt(districtId: string, change: Change): Key | null {
  const staysInactive = change.before?.status === 'inactive' && change.after.status === 'inactive';
  if (change.before === null || !(change.kind === 'user' || staysInactive)) return null;
  return syncedKey(districtId, change.kind, idOfLine(change.after.line));
}

export const ATTRIBUTES_TO_LOOK_AT = ['pk', 'sk', 'schoolRows', 'productId', 'status', 'inactiveSince'] as const;

/** The parts of one record: its school rows first, itself last. `stored` is the item as it is, if looked at. */
function partsOfRecord(districtId: string, change: Change, stamp: WriteStamp, stored: Item | null): Part[] {
  const since = stored?.['status']?.S === 'inactive' ? stored['inactiveSince']?.S : undefined;
  const put = encodeRecord(districtId, change, stamp, since === undefined ? {} : { inactiveSince: since });
  return [...schoolRowParts(districtId, change, stored), { put, condition: ABSENT_OR_SYNCED }];
}

function schoolRowParts(districtId: string, change: Change, stored: Item | null): Part[] {
  if (change.kind !== 'user') return [];
  const userSourcedId = idOfLine(change.after.line);
  const existing = new Set((stored && storedSchoolRows(stored)) ?? rowsOf(change, change.before));
  const wanted = rowsOf(change, change.after);
  const sameProductId = stored?.['productId']?.S === change.productId;
  const puts = wanted
    .filter((row) => !(sameProductId && existing.has(row)))
    .map((row): Part => ({ put: schoolRowItem(districtId, row, userSourcedId, change.productId) }));
  const keep = new Set(wanted);
  const removes = [...existing]
    .filter((row) => !keep.has(row))
    .map((row): Part => ({ remove: keyOfSchoolRow(districtId, row, userSourcedId) }));
  return [...puts, ...removes];
}

function schoolRowItem(districtId: string, row: string, userSourcedId: string, productId: string): Item {
  const { role, orgSourcedId } = partsOfSchoolRow(row);
  return {
    ...keyItem(keyOfSchoolRow(districtId, row, userSourcedId)),
    districtId: { S: districtId },
    orgSourcedId: { S: orgSourcedId },
    role: { S: role },
    source: { S: SOURCE_SIS },
    userSourcedId: { S: userSourcedId },
    productId: { S: productId },
  };
}

/** What a change asks for: rows of schools, then its record, or both records of a re-key, which stay together (R12). */
export interface PackedChange {
  readonly characters: number;
  readonly rows: readonly Part[];
  readonly records: readonly Part[];
}

/** The parts of a change. `storedOf` gives an item as it is, if looked at. */
export function partsOfChange(
  districtId: string,
  change: Change,
  stamp: WriteStamp,
  storedOf: (key: Key) => Item | null,
): PackedChange {
  const written = recordsOf(change).map((each) => {
    const key = keyToLookAt(districtId, each);
    return partsOfRecord(districtId, each, stamp, key && storedOf(key));
  });
  return {
    characters: recordsOf(change).reduce((sum, { after }) => sum + after.line.length, 0),
    rows: written.flatMap((parts) => parts.slice(0, -1)),
    records: written.flatMap((parts) => parts.slice(-1)),
  };
}

/**
 * Packs the parts of changes into as few transactions as they need, in order: one, for a slice that the caller kept
 * within `CHANGE_PLACES`. Only a user of about a hundred schools, school rows that the plan could not know of, or
 * megabytes of text need more; then a change's record comes after its school rows, so that a crash in between is
 * repaired when the same slice is sent again.
 */
export function packTransactions(changes: readonly PackedChange[]): Part[][] {
  const transactions: Part[][] = [];
  let current: Part[] = [];
  let bytes = 0;
  const close = () => {
    if (current.length > 0) transactions.push(current);
    current = [];
    bytes = 0;
  };
  for (const { characters, rows, records } of changes) {
    // Each code unit is at most 3 bytes, and keys and school rows repeat some of them.
    const size = characters * 4 + records.length * 1_000;
    if (current.length + rows.length + records.length > CHANGE_PLACES || bytes + size > MAX_TRANSACTION_BYTES) close();
    bytes += size;
    for (const part of rows) {
      if (current.length === CHANGE_PLACES) close();
      current.push(part);
    }
    if (current.length + records.length > CHANGE_PLACES) close();
    current.push(...records);
  }
  close();
  return transactions;
}

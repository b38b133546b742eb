import { indexKeysOf, schoolRowsOf } from '../../contracts/record-index.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import { idOfLine, joinLine, valuesOfLine } from '../../core/oneroster/record-line.ts';
import { type Column, storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { Change, RecordStatus, StoredRecord } from '../../core/plan/change.ts';
import type { WriteStamp } from '../../ports/roster-table.ts';
import type { MemoryRecord } from './memory-store.ts';

const CONTROL = /[\u0000-\u001f\u007f]/;
const isList = (column: Column) => column.type.endsWith('List');

/** A canonical value as a plain one; undefined for blank. */
export function plainValue(column: Column, value: string): unknown {
  if (value === '') return undefined;
  if (isList(column)) return value.split(',');
  return column.type === 'boolean' ? value === 'true' : value;
}

/** A plain value as a canonical one; null where it is not what `plainValue` gives. */
function canonicalValue(column: Column, plain: unknown): string | null {
  if (plain === undefined) return '';
  if (column.type === 'boolean') return typeof plain === 'boolean' ? String(plain) : null;
  const items: readonly unknown[] = isList(column) ? (Array.isArray(plain) ? plain : [null]) : [plain];
  if (!items.every((item) => typeof item === 'string' && !(isList(column) && item.includes(',')))) return null;
  const joined = items.join(',');
  return joined === '' || CONTROL.test(joined) ? null : joined;
}

/** What the indexes and school rows of a record are made from, as one text to compare. */
function indexedText(kind: RecordKind, status: RecordStatus, line: string, productId: string): string {
  const values = valuesOfLine(line);
  const keys = indexKeysOf({ districtId: '', kind, status, sourcedId: idOfLine(line), productId, values });
  return JSON.stringify([keys, schoolRowsOf(kind, status, values)]);
}

/** Reads a record as a sync does (R1); null where its source is not the SIS. Never throws. */
export function readRecord(kind: RecordKind, sourcedId: string, record: MemoryRecord): StoredRecord | null {
  if (record.source !== 'sis') return null;
  const read = storedColumnsOf(kind).map((column) => canonicalValue(column, record.fields[column.name]));
  const line = joinLine(
    sourcedId,
    read.map((value) => value ?? ''),
  );
  const status = record.status === 'inactive' ? 'inactive' : 'active';
  const sound =
    record.status === status &&
    record.productId !== '' &&
    !read.includes(null) &&
    record.indexed === indexedText(kind, status, line, record.productId);
  return {
    kind,
    status,
    productId: record.productId,
    line,
    sound,
    ...(record.movedTo === null ? {} : { movedTo: record.movedTo }),
    ...(record.editedAt === null ? {} : { editedAt: record.editedAt }),
  };
}

/** The whole record after a change; `old` is what it replaces. */
export function recordAfter(change: Change, stamp: WriteStamp, old: MemoryRecord | undefined): MemoryRecord {
  const { kind, productId, after } = change;
  const values = valuesOfLine(after.line);
  const fields: Record<string, unknown> = {};
  storedColumnsOf(kind).forEach((column, index) => {
    const plain = plainValue(column, values[index] ?? '');
    if (plain !== undefined) fields[column.name] = plain;
  });
  const staysInactive = change.before?.status === 'inactive' && old?.status === 'inactive';
  const since = staysInactive ? (old?.inactiveSince ?? stamp.at) : stamp.at;
  return {
    source: 'sis',
    status: after.status,
    productId,
    fields,
    indexed: indexedText(kind, after.status, after.line, productId),
    schoolRows: schoolRowsOf(kind, after.status, values),
    syncId: stamp.syncId,
    syncedAt: stamp.at,
    inactiveSince: after.status === 'inactive' ? since : null,
    editedAt: null,
    movedTo: after.movedTo ?? null,
  };
}

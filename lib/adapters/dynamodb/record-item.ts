import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type IndexKeys, indexKeysOf, schoolRowsOf } from '../../contracts/record-index.ts';
import { syncedKey } from '../../contracts/table-keys.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import { idOfLine, joinLine, valuesOfLine } from '../../core/oneroster/record-line.ts';
import { type Column, type ColumnType, storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { Change, StoredRecord } from '../../core/plan/change.ts';
import type { WriteStamp } from '../../ports/roster-table.ts';
import { type Item, keyItem } from './table-client.ts';

/** What `source` says of a synced record (R2). */
export const SOURCE_SIS = 'sis';

const LIST_TYPES: ReadonlySet<ColumnType> = new Set(['referenceList', 'stringList', 'gradeList', 'userIdList']);

/** Rows with these are refused when files are read, and a record line may not hold them. */
const CONTROL = /[\u0000-\u001f\u007f]/;

const INDEX_KEYS = ['gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'] as const satisfies readonly (keyof IndexKeys)[];

/** The attribute of a canonical value (docs/data-model.md); undefined for blank. A defect where the value is none. */
export function attributeOf(column: Column, value: string): AttributeValue | undefined {
  if (value === '') return undefined;
  if (LIST_TYPES.has(column.type)) return { L: value.split(',').map((S) => ({ S })) };
  if (column.type !== 'boolean') return { S: value };
  if (value !== 'true' && value !== 'false') throw new Error(`${column.name} is not a canonical boolean`);
  return { BOOL: value === 'true' };
}

/** Reads an attribute as its column's canonical value; null where it is not what `attributeOf` writes. */
type Reader = (attribute: AttributeValue) => string | null;

const readText: Reader = ({ S }) => (S !== undefined && S !== '' && !CONTROL.test(S) ? S : null);

const readBoolean: Reader = ({ BOOL }) => (BOOL === undefined ? null : BOOL ? 'true' : 'false');

const readList: Reader = ({ L }) => {
  const items = stringsOf(L);
  if (!items?.every((item) => !item.includes(','))) return null;
  const joined = items.join(',');
  return joined === '' || CONTROL.test(joined) ? null : joined;
};

/** The strings of a list attribute; null where it holds anything else. */
function stringsOf(list: readonly AttributeValue[] | undefined): string[] | null {
  if (!list) return null;
  const items: string[] = [];
  for (const { S } of list) {
    if (S === undefined) return null;
    items.push(S);
  }
  return items;
}

const readerOf = ({ type }: Column): Reader =>
  type === 'boolean' ? readBoolean : LIST_TYPES.has(type) ? readList : readText;

/** Attributes that the decoder of a kind looks at; a read need not ask for others. */
export const attributesOfKind = (kind: RecordKind): readonly string[] => [
  ...['sk', 'source', 'status', 'productId', 'movedTo', 'editedAt', ...INDEX_KEYS],
  ...(kind === 'user' ? ['schoolRows'] : []),
  ...storedColumnsOf(kind).map((column) => column.name),
];

/**
 * Makes the decoder of a kind, with its columns looked up once. Null for an item under a synced key whose source is not
 * the SIS: that is no synced record. Never throws, whatever the item holds: what cannot be read is blank and `sound` is
 * false, and so it is where status, productId, index keys or school rows are not what the fields say (R1).
 * An unknown status counts as active, so that the next bulk delivery decides about the record.
 */
export function createRecordDecoder(districtId: string, kind: RecordKind): (item: Item) => StoredRecord | null {
  const columns = storedColumnsOf(kind).map((column) => ({ name: column.name, read: readerOf(column) }));
  return (item) => {
    const sourcedId = item['sk']?.S;
    if (sourcedId === undefined || item['source']?.S !== SOURCE_SIS) return null;
    let sound = true;
    const values: string[] = [];
    for (const { name, read } of columns) {
      const attribute = item[name];
      const value = attribute === undefined ? '' : read(attribute);
      if (value === null) sound = false;
      values.push(value ?? '');
    }
    const storedStatus = item['status']?.S;
    const status = storedStatus === 'inactive' ? 'inactive' : 'active';
    const productId = item['productId']?.S ?? '';
    if (storedStatus !== status || productId === '') sound = false;
    if (sound) sound = isIndexed(item, indexKeysOf({ districtId, kind, status, sourcedId, productId, values }));
    if (sound && kind === 'user') sound = hasSchoolRows(item, schoolRowsOf(kind, status, values));
    const record: StoredRecord = { kind, status, productId, line: joinLine(sourcedId, values), sound };
    const movedTo = item['movedTo']?.S;
    const editedAt = item['editedAt']?.S;
    if (movedTo === undefined && editedAt === undefined) return record;
    return {
      ...record,
      ...(movedTo === undefined ? {} : { movedTo }),
      ...(editedAt === undefined ? {} : { editedAt }),
    };
  };
}

function isIndexed(item: Item, keys: IndexKeys): boolean {
  for (const name of INDEX_KEYS) {
    const attribute = item[name];
    if (attribute === undefined ? keys[name] !== undefined : attribute.S !== keys[name]) return false;
  }
  return true;
}

function hasSchoolRows(item: Item, expected: readonly string[]): boolean {
  const stored = item['schoolRows'] === undefined ? [] : stringsOf(item['schoolRows'].L);
  return stored !== null && stored.length === expected.length && stored.every((row, index) => row === expected[index]);
}

/** The school rows that the item says exist; null where it does not say. */
export const storedSchoolRows = (item: Item): readonly string[] | null => stringsOf(item['schoolRows']?.L);

/** The whole item of a record after a change. Nothing of the old item survives but what the caller carries over. */
export function encodeRecord(
  districtId: string,
  change: Change,
  stamp: WriteStamp,
  carried: { readonly inactiveSince?: string },
): Item {
  const { kind, productId, after } = change;
  const sourcedId = idOfLine(after.line);
  const values = valuesOfLine(after.line);
  const item: Item = {
    ...keyItem(syncedKey(districtId, kind, sourcedId)),
    districtId: { S: districtId },
    kind: { S: kind },
    sourcedId: { S: sourcedId },
    source: { S: SOURCE_SIS },
    status: { S: after.status },
    productId: { S: productId },
    syncId: { S: stamp.syncId },
    syncedAt: { S: stamp.at },
  };
  if (after.movedTo !== undefined) item['movedTo'] = { S: after.movedTo };
  if (after.status === 'inactive') item['inactiveSince'] = { S: carried.inactiveSince ?? stamp.at };
  putIndexKeys(item, indexKeysOf({ districtId, kind, status: after.status, sourcedId, productId, values }));
  const rows = schoolRowsOf(kind, after.status, values);
  if (rows.length > 0) item['schoolRows'] = { L: rows.map((S) => ({ S })) };
  storedColumnsOf(kind).forEach((column, index) => {
    const attribute = attributeOf(column, values[index] ?? '');
    if (attribute) item[column.name] = attribute;
  });
  return item;
}

/** Sets the index keys that there are. */
export function putIndexKeys(item: Item, keys: IndexKeys): void {
  for (const name of INDEX_KEYS) {
    const key = keys[name];
    if (key !== undefined) item[name] = { S: key };
  }
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { indexKeysOf, keyOfSchoolRow, partsOfSchoolRow, schoolRowsOf } from '../../contracts/record-index.ts';
import { manualPartition, syncedKey } from '../../contracts/table-keys.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { FieldValue, ManualRecord, PortalRoster, SyncedRecordEdit } from '../../ports/portal.ts';
import { putIndexKeys, SOURCE_SIS } from './record-item.ts';
import { type Item, keyItem, type Part, type TableClient } from './table-client.ts';

/** What `source` says of a manual record (R2). */
const SOURCE_MANUAL = 'manual';

const attributeOf = (value: FieldValue): AttributeValue => {
  if (typeof value === 'boolean') return { BOOL: value };
  return typeof value === 'string' ? { S: value } : { L: value.map((S) => ({ S })) };
};

/** The Portal's side of the state table in DynamoDB (R2): what the product does with its own SDK calls. */
export function createPortalRoster(table: TableClient): PortalRoster {
  return {
    async create(record) {
      await table.transact(manualParts(record));
    },
    async edit(edit) {
      const change = editExpression(edit);
      const key = syncedKey(edit.districtId, edit.kind, edit.sourcedId);
      const item = await table.update(key, change, 'attribute_exists(pk) AND #source = :sis');
      return item === null ? 'missing' : 'edited';
    },
  };
}

/** One UpdateItem on the named fields and `editedAt`. */
function editExpression({ fields, editedAt }: SyncedRecordEdit) {
  const names: Record<string, string> = { '#source': 'source', '#editedAt': 'editedAt' };
  const values: Item = { ':sis': { S: SOURCE_SIS }, ':editedAt': { S: editedAt } };
  const set = ['#editedAt = :editedAt'];
  const remove: string[] = [];
  Object.entries(fields).forEach(([name, value], index) => {
    names[`#f${index}`] = name;
    if (value === null) remove.push(`#f${index}`);
    else {
      values[`:f${index}`] = attributeOf(value);
      set.push(`#f${index} = :f${index}`);
    }
  });
  const expression = `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`;
  return { expression, names, values };
}

/** A manual record with its index keys and school rows, so that the product finds it where it finds synced ones. */
function manualParts({ districtId, kind, productId, fields, createdAt }: ManualRecord): Part[] {
  const values = storedColumnsOf(kind).map((column) => String(fields[column.name] ?? ''));
  const item: Item = {
    ...keyItem({ pk: manualPartition(districtId, kind), sk: productId }),
    districtId: { S: districtId },
    kind: { S: kind },
    source: { S: SOURCE_MANUAL },
    status: { S: 'active' },
    productId: { S: productId },
    createdAt: { S: createdAt },
  };
  putIndexKeys(item, indexKeysOf({ districtId, kind, status: 'active', sourcedId: productId, productId, values }));
  for (const [name, value] of Object.entries(fields)) if (value !== null) item[name] = attributeOf(value);
  const schools = schoolRowsOf(kind, 'active', values).map((row): Part => {
    const { role, orgSourcedId } = partsOfSchoolRow(row);
    const texts = { districtId, orgSourcedId, role, source: SOURCE_MANUAL, productId };
    const attributes = Object.entries(texts).map(([name, S]) => [name, { S }] as const);
    return { put: { ...keyItem(keyOfSchoolRow(districtId, row, productId)), ...Object.fromEntries(attributes) } };
  });
  return [{ put: item }, ...schools];
}

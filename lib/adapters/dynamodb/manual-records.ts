import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { manualPartition } from '../../contracts/table-keys.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { FieldValue, ManualRecord } from '../../ports/portal.ts';
import type { Item, TableClient } from './table-client.ts';

/** The manual records of a kind, in the order of their productIds (R2). For dumps: a sync never reads them whole. */
export async function readManualRecords(
  table: TableClient,
  districtId: string,
  kind: RecordKind,
): Promise<readonly ManualRecord[]> {
  const items = await table.all({ partition: manualPartition(districtId, kind) });
  return items.map((item) => ({
    districtId,
    kind,
    productId: item['sk']?.S ?? '',
    fields: fieldsOf(kind, item),
    createdAt: item['createdAt']?.S ?? '',
  }));
}

function fieldsOf(kind: RecordKind, item: Item): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const { name } of storedColumnsOf(kind)) {
    const value = fieldOf(item[name]);
    if (value !== null) fields[name] = value;
  }
  return fields;
}

/** Whatever the Portal wrote, as far as it can stand in a CSV cell. */
function fieldOf(attribute: AttributeValue | undefined): FieldValue | null {
  if (attribute?.S !== undefined) return attribute.S;
  if (attribute?.BOOL !== undefined) return attribute.BOOL;
  return attribute?.L?.flatMap(({ S }) => (S === undefined ? [] : [S])) ?? null;
}

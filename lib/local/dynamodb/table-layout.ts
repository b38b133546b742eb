import type { Item, TableDefinition } from 'dynalite/db/index.js';
import { encodeKey, hasKey, type KeyAttribute, keyAttributes } from './key-encoding.ts';
import type { RowChange } from './level-database.ts';
import { indexPrefix, itemPrefix } from './row-keys.ts';
import { validationError } from './service-error.ts';

/** How an index is laid out in rows. */
interface IndexLayout {
  readonly name: string;
  readonly prefix: string;
  readonly key: readonly KeyAttribute[];
  /** Attributes that its rows hold; null for all. */
  readonly attributes: readonly string[] | null;
  /** Its rows hold nothing but keys, so that a row under the same key is the same row. */
  readonly keysOnly: boolean;
  readonly filling: boolean;
}

/** How a table and its indexes are laid out in rows. */
export interface TableLayout {
  readonly itemPrefix: string;
  readonly key: readonly KeyAttribute[];
  readonly indexes: readonly IndexLayout[];
}

const layouts = new WeakMap<TableDefinition, TableLayout>();

/** The layout of a definition; worked out once for each definition of the catalog. */
export function layoutOf(table: TableDefinition): TableLayout {
  let layout = layouts.get(table);
  if (layout === undefined) {
    layout = {
      itemPrefix: itemPrefix(table.TableName),
      key: keyAttributes(table, table.KeySchema),
      indexes: [...indexLayouts(table, 'Local'), ...indexLayouts(table, 'Global')],
    };
    layouts.set(table, layout);
  }
  return layout;
}

function indexLayouts(table: TableDefinition, kind: 'Local' | 'Global'): IndexLayout[] {
  const tableKey = keyAttributes(table, table.KeySchema).map(({ name }) => name);
  return (table[`${kind}SecondaryIndexes`] ?? []).map((index) => {
    const key = keyAttributes(table, index.KeySchema);
    const { ProjectionType: projection, NonKeyAttributes: others = [] } = index.Projection;
    return {
      name: index.IndexName,
      prefix: indexPrefix(kind, table.TableName, index.IndexName),
      key,
      attributes: projection === 'ALL' ? null : [...new Set([...key.map(({ name }) => name), ...tableKey, ...others])],
      keysOnly: projection === 'KEYS_ONLY',
      filling: index.Backfilling === true,
    };
  });
}

/**
 * Key of an index row, below the index's prefix: the index key, then the whole key of the item. dynalite ends it with
 * 24 bits of a hash instead, and of the 4,000 students of a school two would likely share one row.
 */
function indexRowKey(index: Pick<IndexLayout, 'key'>, tableKey: readonly KeyAttribute[], item: Item): string {
  return encodeKey(index.key, item) + encodeKey(tableKey, item);
}

/** The row key below an index's or a table's prefix where a page ended (ExclusiveStartKey). */
export function startRowKey(table: TableDefinition, schema: TableDefinition['KeySchema'], startKey: Item): string {
  return indexRowKey({ key: keyAttributes(table, schema) }, layoutOf(table).key, startKey);
}

/**
 * The index rows that change when an item does. `textOf` makes the JSON of a row.
 *
 * @throws ServiceError ValidationException for an empty string or binary in an index key (Developer Guide, constraints
 *   of indexes). dynalite checks that for the primary key only; code that writes `''` for "none" would fail on AWS alone.
 */
export function indexChanges(
  layout: TableLayout,
  before: Item | undefined,
  after: Item | undefined,
  textOf: (row: Item) => string,
): RowChange[] {
  const changes: RowChange[] = [];
  for (const index of layout.indexes) {
    if (after) refuseEmptyKey(index, after);
    const oldKey = before && hasKey(index.key, before) ? indexRowKey(index, layout.key, before) : null;
    const newKey = after && hasKey(index.key, after) ? indexRowKey(index, layout.key, after) : null;
    if (oldKey !== null && oldKey !== newKey) changes.push({ type: 'del', key: index.prefix + oldKey });
    if (after && newKey !== null && !(index.keysOnly && newKey === oldKey)) {
      changes.push({ type: 'put', key: index.prefix + newKey, value: textOf(project(index, after)) });
    }
  }
  return changes;
}

/** The rows of an item in the indexes that are being filled. */
export function fillingRows(layout: TableLayout, item: Item): RowChange[] {
  return layout.indexes
    .filter((index) => index.filling && hasKey(index.key, item))
    .map((index) => ({
      type: 'put',
      key: index.prefix + indexRowKey(index, layout.key, item),
      value: JSON.stringify(project(index, item)),
    }));
}

function project(index: IndexLayout, item: Item): Item {
  if (index.attributes === null) return item;
  return Object.fromEntries(index.attributes.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}

function refuseEmptyKey(index: IndexLayout, item: Item): void {
  for (const { name, type } of index.key) {
    if (type === 'N' || item[name]?.[type] !== '') continue;
    throw validationError(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
        `The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. ` +
        `IndexName: ${index.name}, IndexKey: ${name}`,
    );
  }
}

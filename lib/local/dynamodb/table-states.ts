import { setTimeout as pause } from 'node:timers/promises';
import type { Item, TableDefinition } from 'dynalite/db/index.js';
import { expiryRow } from './expiry-row.ts';
import { type LevelDatabase, type RowChange, underPrefix, walkRows, writeChanges } from './level-database.ts';
import { expiryPrefix, itemPrefix } from './row-keys.ts';
import type { TableCatalog } from './table-catalog.ts';
import { fillingRows, layoutOf } from './table-layout.ts';

/** Removes a table's rows, then the table: killed in between, the next start does it again. */
export async function removeTable(name: string, catalog: TableCatalog, database: LevelDatabase): Promise<void> {
  const prefixes = [itemPrefix(name), expiryPrefix(name), `index-local~${name}~`, `index-global~${name}~`];
  for (const prefix of prefixes) await database.clear(underPrefix(prefix));
  await catalog.remove(name);
}

/** dynalite makes and changes tables a moment after its answer; this waits for that moment. */
export async function untilSettled(name: string, catalog: TableCatalog): Promise<void> {
  for (let table = catalog.find(name); table && !isSettled(table); table = catalog.find(name)) await pause(1);
}

function isSettled(table: TableDefinition): boolean {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  return table.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus: status }) => status === 'ACTIVE');
}

/**
 * Finishes what a killed server left half done: a table that was being made or changed becomes active, an index is
 * filled, a table that was being deleted goes.
 */
export async function settleTables(catalog: TableCatalog, database: LevelDatabase): Promise<void> {
  for (const name of catalog.names()) {
    const table = catalog.find(name);
    if (table?.TableStatus === 'DELETING') await removeTable(name, catalog, database);
    else if (table && !isSettled(table)) await activate(table, catalog, database);
  }
}

/** Fills the indexes that are being made, then calls the table and its indexes active. */
export async function activate(table: TableDefinition, catalog: TableCatalog, database: LevelDatabase): Promise<void> {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  if (indexes.some((index) => index.Backfilling)) await fillIndexes(table, database);
  const active = indexes.map(({ Backfilling: _filled, ...index }) => ({ ...index, IndexStatus: 'ACTIVE' }));
  await catalog.put({
    ...table,
    TableStatus: 'ACTIVE',
    ...(active.length > 0 ? { GlobalSecondaryIndexes: active } : {}),
  });
}

/** An item whose attribute is of another type than the index's key is left out, as on AWS. */
async function fillIndexes(table: TableDefinition, database: LevelDatabase): Promise<void> {
  const layout = layoutOf(table);
  await writePerItem(table.TableName, database, (_key, item) => fillingRows(layout, item));
}

/** Lists every item of a table under its end, when time to live is turned on. */
export async function fillExpiry(table: TableDefinition, attribute: string, database: LevelDatabase): Promise<void> {
  await writePerItem(table.TableName, database, (key, item) => {
    const row = expiryRow(table, attribute, key, item);
    return row ? [row] : [];
  });
}

async function writePerItem(
  table: string,
  database: LevelDatabase,
  changesOf: (itemKey: string, item: Item) => RowChange[],
): Promise<void> {
  const prefix = itemPrefix(table);
  for await (const rows of walkRows(database, underPrefix(prefix))) {
    const changes = rows.flatMap(([key, text]) => changesOf(key.slice(prefix.length), JSON.parse(text) as Item));
    await writeChanges(database, changes);
  }
}

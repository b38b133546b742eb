import type { Item } from 'dynalite/db/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { actions, rules, runActionNow } from './dynalite-parts.ts';
import { expirySecond } from './expiry-row.ts';
import { type LevelDatabase, walkRows } from './level-database.ts';
import { expiryBound, itemPrefix } from './row-keys.ts';
import type { TableCatalog } from './table-catalog.ts';

/** Items whose end lies further back are left alone (Developer Guide, time to live): five years. */
const longAgoSeconds = 5 * 365 * 24 * 60 * 60;

/** Deletes the items that have expired, in every table with time to live; index rows go with them. */
export async function sweepExpired(
  database: LevelDatabase,
  catalog: TableCatalog,
  queue: CommitQueue,
  nowMillis: number,
): Promise<void> {
  const now = Math.floor(nowMillis / 1000);
  for (const table of catalog.names()) {
    if (catalog.settings(table).ttlAttribute === null) continue;
    const due = { gte: expiryBound(table, now - longAgoSeconds), lt: expiryBound(table, now) };
    for await (const rows of walkRows(database, due)) {
      const keys = rows.map(([, text]) => JSON.parse(text) as Item);
      await deleteExpired(table, keys, now, catalog, queue);
    }
  }
}

async function deleteExpired(
  tableName: string,
  keys: readonly Item[],
  now: number,
  catalog: TableCatalog,
  queue: CommitQueue,
): Promise<void> {
  await queue.submit((staging) => {
    // The table may have changed since the sweep read its rows, and an item may have been given more time.
    const table = catalog.find(tableName);
    const attribute = catalog.settings(tableName).ttlAttribute;
    if (attribute === null || table?.TableStatus !== 'ACTIVE') return;
    for (const key of keys) {
      const row = itemPrefix(tableName) + rules.createKey(key, table);
      const end = expirySecond(attribute, staging.before(row) as Item | undefined);
      if (end !== null && end < now) {
        runActionNow(actions.deleteItem, staging.store, { TableName: tableName, Key: key });
      }
    }
  });
}

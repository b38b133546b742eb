import { Readable } from 'node:stream';
import type { Done, RowSpace, Store, TableDefinition, TagSpace } from 'dynalite/db/index.js';
import type { LevelDatabase } from './level-database.ts';
import { indexPrefix, itemPrefix } from './row-keys.ts';
import type { TableCatalog } from './table-catalog.ts';

/** A table changes its state at once here (milliseconds; AWS takes seconds). 409,600 bytes is DynamoDB's item limit. */
export const storeOptions = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: 409_600 };

/** Settles a promise into dynalite's callback. */
function settle<Result>(work: Promise<Result>, done: Done<Result>): void {
  work.then(
    (result) => done(null, result),
    (error: Error) => done(error),
  );
}

/**
 * Looks a table up in dynalite's way: `(name, done)` and `(name, true, done)` want an active one, for reading;
 * `(name, false, done)` any, and the caller may change what it gets (UpdateTable does).
 */
export function tableLookup(catalog: TableCatalog): Store['getTable'] {
  return (name, checkStatus, last) => {
    const done = typeof checkStatus === 'function' ? checkStatus : (last as Done<TableDefinition>);
    let table: TableDefinition;
    try {
      table = checkStatus === false ? structuredClone(catalog.requireKnown(name)) : catalog.requireActive(name);
    } catch (error) {
      // dynalite tells "no such table" by this name.
      return done(Object.assign(error as Error, { name: 'NotFoundError' }));
    }
    done(null, table);
  };
}

function refuse(): never {
  throw new Error('items are written through the commit queue only');
}

/**
 * dynalite's store on the committed rows: reads of items, and everything about tables. Its items cannot be written;
 * writes go through commit-queue.ts, so that an item, its index rows and a whole transaction are one batch.
 */
export function createCommittedStore(database: LevelDatabase, catalog: TableCatalog): Store {
  const readRows = (prefix: string): RowSpace => ({
    get: (key, done) =>
      settle(
        database.get(prefix + key).then((text) => (text === undefined ? undefined : JSON.parse(text))),
        done,
      ),
    put: refuse,
    del: refuse,
    lock: refuse,
  });
  return {
    options: storeOptions,
    tableDb: tableRows(catalog),
    getTable: tableLookup(catalog),
    getItemDb: (table) => readRows(itemPrefix(table)),
    getIndexDb: (kind, table, index) => readRows(indexPrefix(kind, table, index)),
    getTagDb: (table) => tagRows(catalog, table),
  };
}

function tableRows(catalog: TableCatalog): Store['tableDb'] {
  return {
    awsAccountId: '000000000000',
    awsRegion: 'us-east-1',
    get: (name, done) => done(null, structuredClone(catalog.find(name))),
    put: (_name, definition, done) => settle(catalog.put(definition as TableDefinition), done),
    del: (name, done) => settle(catalog.remove(name), done),
    // Operations on tables run alone in the commit queue: there is nobody to lock out.
    lock: (_name, work) => work((done) => done),
  };
}

function tagRows(catalog: TableCatalog, table: string): TagSpace {
  return {
    batch: (changes, done) => {
      const tags = new Map(Object.entries(catalog.settings(table).tags));
      for (const { type, key, value } of changes) {
        if (type === 'put') tags.set(key, value ?? '');
        else tags.delete(key);
      }
      settle(catalog.changeSettings(table, { tags: Object.fromEntries(tags) }), done);
    },
    createKeyStream: () => Readable.from(Object.keys(catalog.settings(table).tags)),
    createValueStream: () => Readable.from(Object.values(catalog.settings(table).tags)),
  };
}

import type { Item, RowSpace, Store, TableDefinition } from 'dynalite/db/index.js';
import { storeOptions, tableLookup } from './committed-store.ts';
import { expiryRow } from './expiry-row.ts';
import type { LevelDatabase, RowChange } from './level-database.ts';
import type { TableCatalog } from './table-catalog.ts';
import { indexChanges, layoutOf } from './table-layout.ts';

/** Rows as they are at this point of a commit, by whole key; undefined for a row that does not exist. */
export type KnownRows = Map<string, unknown>;

/**
 * The changes of one write (a PutItem, a transaction, ...) while it is worked out: nothing is in the database yet, so
 * that a write that fails half way is dropped by forgetting its staging.
 *
 * `store` is what dynalite's write actions run on: it answers at once. For each item that an action writes, the index rows and the expiry row are staged with it.
 */
export class Staging {
  readonly changes: RowChange[] = [];
  readonly store: Store;
  readonly #database: LevelDatabase;
  readonly #known: KnownRows;
  readonly #written: KnownRows = new Map();
  readonly #items: Item[] = [];
  readonly #catalog: TableCatalog;
  readonly #itemSpaces = new Map<string, RowSpace>();

  constructor(database: LevelDatabase, catalog: TableCatalog, known: KnownRows) {
    this.#database = database;
    this.#catalog = catalog;
    this.#known = known;
    this.store = {
      options: storeOptions,
      getTable: tableLookup(catalog),
      getItemDb: (table) => this.#itemSpace(table),
      getIndexDb: notInAWrite,
      tableDb: {
        get: notInAWrite,
        put: notInAWrite,
        del: notInAWrite,
        lock: notInAWrite,
        awsAccountId: '',
        awsRegion: '',
      },
      getTagDb: notInAWrite,
    };
  }

  /** A row as it is before this write. */
  before(key: string): unknown {
    let row = this.#known.get(key);
    if (row === undefined && !this.#known.has(key)) {
      const text = this.#database.getSync(key);
      row = text === undefined ? undefined : JSON.parse(text);
      this.#known.set(key, row);
    }
    return row;
  }

  /** Writes a row that is no item. */
  putRow(key: string, value: unknown): void {
    this.#written.set(key, value);
    this.changes.push({ type: 'put', key, value: JSON.stringify(value) });
  }

  /** The items that this write puts, as they will be. */
  writtenItems(): readonly Item[] {
    return this.#items;
  }

  /** Makes this write visible to the writes after it in the same commit. */
  accept(): void {
    for (const [key, value] of this.#written) this.#known.set(key, value);
  }

  #itemSpace(name: string): RowSpace {
    let space = this.#itemSpaces.get(name);
    if (space === undefined) {
      space = this.#openItemSpace(this.#catalog.requireActive(name));
      this.#itemSpaces.set(name, space);
    }
    return space;
  }

  #openItemSpace(table: TableDefinition): RowSpace {
    const prefix = layoutOf(table).itemPrefix;
    return {
      get: (key, done) => done(null, this.before(prefix + key)),
      put: (key, item, done) => {
        this.#moveItem(table, key, item as Item);
        done(null);
      },
      del: (key, done) => {
        this.#moveItem(table, key, undefined);
        done(null);
      },
      // Writes are worked out one after the other: there is nobody to lock out.
      lock: (_key, work) => work((done) => done),
    };
  }

  #moveItem(table: TableDefinition, key: string, after: Item | undefined): void {
    const layout = layoutOf(table);
    const row = layout.itemPrefix + key;
    const before = this.before(row) as Item | undefined;
    // Full projections are the item itself: its JSON is made once.
    const text = after && JSON.stringify(after);
    const textOf = (value: Item) => (value === after && text !== undefined ? text : JSON.stringify(value));
    this.changes.push(...indexChanges(layout, before, after, textOf));
    this.#moveExpiry(table, key, before, after);
    this.changes.push(text === undefined ? { type: 'del', key: row } : { type: 'put', key: row, value: text });
    this.#written.set(row, after);
    if (after) this.#items.push(after);
  }

  #moveExpiry(table: TableDefinition, key: string, before: Item | undefined, after: Item | undefined): void {
    const attribute = this.#catalog.settings(table.TableName).ttlAttribute;
    if (attribute === null) return;
    const oldRow = expiryRow(table, attribute, key, before);
    const newRow = expiryRow(table, attribute, key, after);
    if (oldRow && oldRow.key !== newRow?.key) this.changes.push({ type: 'del', key: oldRow.key });
    if (newRow && oldRow?.key !== newRow.key) this.changes.push(newRow);
  }
}

function notInAWrite(): never {
  throw new Error('a write asked for something that only operations on tables use');
}

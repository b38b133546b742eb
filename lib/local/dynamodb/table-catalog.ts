import type { TableDefinition } from 'dynalite/db/index.js';
import { type LevelDatabase, type RowChange, underPrefix, walkRows, writeChanges } from './level-database.ts';
import { settingsPrefix, tablePrefix } from './row-keys.ts';
import { dynamoError } from './service-error.ts';

/** What a table remembers beyond dynalite's own definition of it. */
export interface TableSettings {
  /** Attribute with the epoch second of an item's end, when time to live is on. */
  readonly ttlAttribute: string | null;
  /** Epoch milliseconds since when point-in-time recovery is on. A flag only: nothing is backed up here. */
  readonly recoverySince: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

const freshSettings: TableSettings = { ttlAttribute: null, recoverySince: null, tags: {} };

/**
 * The definitions and settings of all tables, read once and then kept in memory: every request needs one, and
 * dynalite's own look-up reads (and its ListTables walks over every item of the database).
 */
export class TableCatalog {
  readonly #database: LevelDatabase;
  readonly #definitions = new Map<string, TableDefinition>();
  readonly #settings = new Map<string, TableSettings>();

  constructor(database: LevelDatabase) {
    this.#database = database;
  }

  /** Reads what the database holds; call once, before anything else. */
  async load(): Promise<void> {
    for await (const rows of walkRows(this.#database, underPrefix(tablePrefix))) {
      for (const [key, text] of rows) this.#definitions.set(key.slice(tablePrefix.length), JSON.parse(text));
    }
    for await (const rows of walkRows(this.#database, underPrefix(settingsPrefix))) {
      for (const [key, text] of rows) this.#settings.set(key.slice(settingsPrefix.length), JSON.parse(text));
    }
  }

  /** Table names in byte order. */
  names(): string[] {
    return [...this.#definitions.keys()].sort();
  }

  /** The definition itself: for reading only. */
  find(name: string): TableDefinition | undefined {
    return this.#definitions.get(name);
  }

  /**
   * The definition of a table that takes items, for reading only.
   *
   * @throws ServiceError ResourceNotFoundException when there is none, or it is still being made or already going
   */
  requireActive(name: string): TableDefinition {
    const table = this.#definitions.get(name);
    if (table === undefined || table.TableStatus === 'CREATING' || table.TableStatus === 'DELETING') {
      throw dynamoError('ResourceNotFoundException', 'Requested resource not found');
    }
    return table;
  }

  /** The definition whatever its status, for reading only. @throws ServiceError ResourceNotFoundException */
  requireKnown(name: string): TableDefinition {
    const table = this.#definitions.get(name);
    if (table === undefined) {
      throw dynamoError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    }
    return table;
  }

  /** Keeps a definition, in memory at once and on disk when the promise ends. */
  async put(definition: TableDefinition): Promise<void> {
    const text = JSON.stringify(definition);
    this.#definitions.set(definition.TableName, JSON.parse(text));
    await writeChanges(this.#database, [{ type: 'put', key: tablePrefix + definition.TableName, value: text }]);
  }

  /** Forgets a table and its settings. */
  async remove(name: string): Promise<void> {
    this.#definitions.delete(name);
    this.#settings.delete(name);
    const keys = [tablePrefix + name, settingsPrefix + name];
    await writeChanges(
      this.#database,
      keys.map((key): RowChange => ({ type: 'del', key })),
    );
  }

  settings(name: string): TableSettings {
    return this.#settings.get(name) ?? freshSettings;
  }

  /** Changes some settings of a table, in memory at once and on disk when the promise ends. */
  async changeSettings(name: string, change: Partial<TableSettings>): Promise<void> {
    const settings = { ...this.settings(name), ...change };
    this.#settings.set(name, settings);
    await writeChanges(this.#database, [{ type: 'put', key: settingsPrefix + name, value: JSON.stringify(settings) }]);
  }
}

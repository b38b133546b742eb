/**
 * The parts of dynalite 4.0.0 that this folder builds on. dynalite ships no types, and these are inner modules of it:
 * the version is pinned, and only dynalite-parts.ts imports their values.
 */
declare module 'dynalite/db/index.js' {
  /** One typed value as it travels: `{ "S": "x" }`, `{ "N": "1" }`, `{ "M": {...} }`. */
  export type AttributeValue = Readonly<Record<string, unknown>>;
  export type Item = Record<string, AttributeValue>;
  export interface KeyElement {
    AttributeName: string;
    KeyType: string;
  }
  export interface IndexDefinition {
    IndexName: string;
    KeySchema: KeyElement[];
    Projection: { ProjectionType?: string; NonKeyAttributes?: string[] };
    IndexStatus?: string;
    Backfilling?: boolean;
    [field: string]: unknown;
  }
  export interface TableDefinition {
    TableName: string;
    TableArn: string;
    TableStatus: string;
    CreationDateTime: number;
    KeySchema: KeyElement[];
    AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
    GlobalSecondaryIndexes?: IndexDefinition[];
    LocalSecondaryIndexes?: IndexDefinition[];
    DeletionProtectionEnabled?: boolean;
    [field: string]: unknown;
  }
  /** A checked request: the caller's JSON, plus what the validations parsed (`_condition`, `_updates`, ...). */
  export type RequestData = Record<string, unknown>;
  export type Done<Result = unknown> = (error?: Error | null, result?: Result) => void;

  /** Rows under one prefix, as the actions use them. */
  export interface RowSpace {
    get(key: string, done: Done): void;
    put(key: string, value: unknown, done: Done): void;
    del(key: string, done: Done): void;
    lock(key: string, work: (release: (done: Done) => Done) => void): void;
  }
  export interface TagSpace {
    batch(changes: { type: 'put' | 'del'; key: string; value?: string }[], done: Done): void;
    createKeyStream(): NodeJS.ReadableStream;
    createValueStream(): NodeJS.ReadableStream;
  }
  /** What an action asks of its store. */
  export interface Store {
    options: { createTableMs: number; deleteTableMs: number; updateTableMs: number; maxItemSize: number };
    tableDb: RowSpace & { awsAccountId: string; awsRegion: string };
    getTable(name: string, checkStatus: boolean | Done<TableDefinition>, done?: Done<TableDefinition>): void;
    getItemDb(table: string): RowSpace;
    getIndexDb(kind: 'Local' | 'Global', table: string, index: string): RowSpace;
    getTagDb(table: string): TagSpace;
  }
  export type Action = (store: Store, data: RequestData, done: Done) => void;
  /** Key bounds of a query or scan inside one row space; a negative limit means none. */
  export interface KeyRange {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    limit?: number;
    reverse?: boolean;
  }
  /** `(store, table, data, range, isLocalIndex, wantsWholeItems, startKeyNames, done)` */
  export type QueryTable = (
    store: Store,
    table: TableDefinition,
    data: RequestData,
    range: KeyRange,
    isLocal: boolean | undefined,
    wholeItems: boolean,
    startKeyNames: string[],
    done: Done,
  ) => void;
  const db: {
    queryTable: QueryTable;
    updateIndexes(store: Store, table: TableDefinition, before: Item | undefined, after: Item | null, done: Done): void;
    createKey(item: Item, table: TableDefinition, schema?: KeyElement[]): string;
    createIndexKey(item: Item, table: TableDefinition, schema: KeyElement[]): string;
    hashPrefix(content: string, type: string): string;
    toRangeStr(content: string, type: string): string;
    validateKey(key: Item, table: TableDefinition): Error | null | undefined;
    checkConditional(data: RequestData, existing: unknown): Error | null | undefined;
    itemSize(item: Item, compress?: boolean, addMetaSize?: boolean, rangeKey?: string): number;
    capacityUnits(item: Item | null | undefined, isRead: boolean, isConsistent: boolean): number;
    matchesExprFilter(item: Item, expression: unknown): boolean;
    matchesFilter(item: Item, filter: unknown, operator: unknown): boolean;
    mapPaths(paths: unknown, item: Item): Item;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { RequestData, Store } from 'dynalite/db/index.js';
  export type FieldTypes = Record<string, unknown>;
  export interface RequestCheck {
    types: FieldTypes;
    custom?: (data: RequestData, store: Store) => string | undefined;
  }
  const validations: {
    checkTypes(data: RequestData, types: FieldTypes): RequestData;
    checkValidations(data: RequestData, types: FieldTypes, custom: RequestCheck['custom'], store: Store): void;
    validateExpressions(data: RequestData): string | undefined;
  };
  export default validations;
}

declare module 'dynalite/actions/*' {
  import type { Action } from 'dynalite/db/index.js';

  const action: Action;
  export default action;
}

declare module 'dynalite/validations/*' {
  import type { RequestCheck } from 'dynalite/validations/index.js';

  const check: RequestCheck;
  export default check;
}

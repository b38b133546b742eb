import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** One change of a batch; values are JSON text already. */
export type RowChange =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** Bounds of a walk over the rows, in key order (bytes). A negative limit means none. */
export interface RowRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
}

interface RowWalk<Row> {
  nextv(size: number): Promise<Row[]>;
  close(): Promise<void>;
}

interface RowBatch {
  put(key: string, value: string): unknown;
  del(key: string): unknown;
  write(): Promise<void>;
}

/** What this server uses of LevelDB (the `level` package that dynalite brings along), with text keys and values. */
export interface LevelDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: string): Promise<string | undefined>;
  /** Reads on the calling thread: a few microseconds for a row that the system has in memory. */
  getSync(key: string): string | undefined;
  getMany(keys: string[]): Promise<(string | undefined)[]>;
  batch(): RowBatch;
  clear(range: RowRange): Promise<void>;
  iterator(range: RowRange & { highWaterMarkBytes?: number }): RowWalk<[string, string]>;
  values(range: RowRange & { highWaterMarkBytes?: number }): RowWalk<string>;
}

/** Somebody else, or this process, has the data folder open: LevelDB allows one owner at a time. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly code = 'data-folder-in-use';
  readonly retryable = false;

  constructor(dataDir: string, cause?: unknown) {
    super(`${dataDir} is in use by another local DynamoDB server`, { cause });
  }
}

/**
 * Opens the rows of a server: a LevelDB folder (made when absent), or memory when `dataDir` is null.
 * A written batch survives the death of the process (the log is handed to the operating system before the batch is
 * acknowledged), not a power cut: it is not synced to the disk.
 *
 * @throws DataFolderInUseError when the folder has an owner already
 */
export async function openLevelDatabase(dataDir: string | null): Promise<LevelDatabase> {
  if (dataDir === null) {
    const database = newMemoryDatabase();
    await database.open();
    return database;
  }
  const folder = resolve(dataDir);
  if (openFolders.has(folder)) throw new DataFolderInUseError(folder);
  openFolders.add(folder);
  try {
    const database = newFolderDatabase(folder);
    await database.open();
    const close = database.close.bind(database);
    database.close = async () => {
      await close();
      openFolders.delete(folder);
    };
    return database;
  } catch (error) {
    openFolders.delete(folder);
    throw isLocked(error) ? new DataFolderInUseError(folder, error) : error;
  }
}

/**
 * Folders that this process has open. LevelDB would notice a second opening too, but it opens and closes the lock file
 * to do so, and with that POSIX releases the lock that keeps other processes out.
 */
const openFolders = new Set<string>();

// `level` is a dependency of dynalite, not ours: ask for dynalite's own copy, wherever npm put it.
const require = createRequire(createRequire(import.meta.url).resolve('dynalite'));
type DatabaseClass<Arguments extends unknown[]> = new (...args: Arguments) => LevelDatabase;

function newFolderDatabase(dataDir: string): LevelDatabase {
  mkdirSync(dataDir, { recursive: true });
  const { Level } = require('level') as { Level: DatabaseClass<[string, object]> };
  // A load writes far more than LevelDB's 4 MiB buffer expects; larger buffer and files mean fewer compactions.
  const sizes = { cacheSize: 64 * 2 ** 20, writeBufferSize: 32 * 2 ** 20, maxFileSize: 16 * 2 ** 20 };
  return new Level(dataDir, { keyEncoding: 'utf8', valueEncoding: 'utf8', ...sizes });
}

function newMemoryDatabase(): LevelDatabase {
  const { MemoryLevel } = require('memory-level') as { MemoryLevel: DatabaseClass<[object]> };
  return new MemoryLevel({ keyEncoding: 'utf8', valueEncoding: 'utf8', storeEncoding: 'utf8' });
}

/** LevelDB wraps the reason; its native errors are no `instanceof Error` of every realm. */
function isLocked(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return ('code' in error && error.code === 'LEVEL_LOCKED') || ('cause' in error && isLocked(error.cause));
}

/** Writes all changes, in their order, or none. (Half the main thread's time of LevelDB's batch of objects.) */
export async function writeChanges(database: LevelDatabase, changes: readonly RowChange[]): Promise<void> {
  if (changes.length === 0) return;
  const batch = database.batch();
  for (const change of changes) {
    if (change.type === 'put') batch.put(change.key, change.value);
    else batch.del(change.key);
  }
  await batch.write();
}

/** Bounds of every row whose key starts with the prefix (prefixes end in `~`, keys are ASCII). */
export function underPrefix(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix}\u00ff` };
}

/** Walks rows in pieces of at most 500 rows and about 256 KiB. */
export async function* walkRows(database: LevelDatabase, range: RowRange): AsyncGenerator<[string, string][]> {
  const walk = database.iterator({ ...range, highWaterMarkBytes: 2 ** 18 });
  try {
    for (let rows = await walk.nextv(500); rows.length > 0; rows = await walk.nextv(500)) yield rows;
  } finally {
    await walk.close();
  }
}

import { type LevelDatabase, writeChanges } from './level-database.ts';
import { type KnownRows, Staging } from './staging.ts';
import type { TableCatalog } from './table-catalog.ts';

/** One write: the rows it must see, and how it works its changes out from them. Throwing drops all of its changes. */
export interface Write<Result> {
  readonly keys: readonly string[];
  readonly run: (staging: Staging) => Result;
}

interface Waiting {
  readonly write: Write<unknown> | null;
  readonly alone: (() => Promise<unknown>) | null;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Rows of one commit at most; a transaction of 100 items with its token has 101. */
const maxRowsPerCommit = 1_000;

/**
 * All writes of the server, in the order of their arrival. Those that wait while a commit is on its way make up the
 * next one: their rows are read together, each is worked out on what the ones before it leave behind, and all changes
 * go to the database as one batch, which LevelDB applies as a whole or not at all, also when the process is killed.
 * So no write ever sees half of another, and none is acknowledged before it is in the database.
 */
export class CommitQueue {
  readonly #database: LevelDatabase;
  readonly #catalog: TableCatalog;
  readonly #waiting: Waiting[] = [];
  #draining: Promise<void> | null = null;

  constructor(database: LevelDatabase, catalog: TableCatalog) {
    this.#database = database;
    this.#catalog = catalog;
  }

  /** Ends when the write is in the database; rejects with what `run` threw. */
  submit<Result>(write: Write<Result>): Promise<Result> {
    return this.#enqueue({ write, alone: null }) as Promise<Result>;
  }

  /** Runs work while no write is on its way: operations on tables. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#enqueue({ write: null, alone: work }) as Promise<Result>;
  }

  /** Ends when nothing is waiting or on its way. */
  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  #enqueue(entry: Pick<Waiting, 'write' | 'alone'>): Promise<unknown> {
    const settled = new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ ...entry, resolve, reject });
    });
    this.#draining ??= this.#drain();
    return settled;
  }

  async #drain(): Promise<void> {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.alone) {
        this.#waiting.shift();
        await first.alone().then(first.resolve, first.reject);
      } else {
        const group = this.#takeGroup();
        await this.#commit(group).catch((error: unknown) => {
          for (const { reject } of group) reject(error);
        });
      }
    }
    // In the same turn as the last look at the list: a write that arrives later starts a new drain.
    this.#draining = null;
  }

  #takeGroup(): Waiting[] {
    let rows = 0;
    let size = 0;
    for (const { write } of this.#waiting) {
      rows += write?.keys.length ?? 0;
      if (write === null || (size > 0 && rows > maxRowsPerCommit)) break;
      size += 1;
    }
    return this.#waiting.splice(0, size);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const known = await this.#read(new Set(group.flatMap(({ write }) => write?.keys ?? [])));
    const answers: (() => void)[] = [];
    const changes = group.flatMap(({ write, resolve, reject }) => {
      const staging = new Staging(this.#catalog, known);
      try {
        const result = write?.run(staging);
        staging.accept();
        answers.push(() => resolve(result));
        return staging.changes;
      } catch (error) {
        answers.push(() => reject(error));
        return [];
      }
    });
    await writeChanges(this.#database, changes);
    for (const answer of answers) answer();
  }

  async #read(keys: ReadonlySet<string>): Promise<KnownRows> {
    const names = [...keys];
    const texts = await this.#database.getMany(names);
    return new Map(
      names.map((name, at) => {
        const text = texts[at];
        return [name, text === undefined ? undefined : JSON.parse(text)];
      }),
    );
  }
}

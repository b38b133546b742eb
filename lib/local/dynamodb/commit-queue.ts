import { type LevelDatabase, type RowChange, writeChanges } from './level-database.ts';
import { type KnownRows, Staging } from './staging.ts';
import type { TableCatalog } from './table-catalog.ts';

/** One write: works its changes out on what is there before it. Throwing drops all of its changes. */
export type Write<Result> = (staging: Staging) => Result;

interface Waiting {
  readonly write: Write<unknown> | null;
  readonly alone: (() => Promise<unknown>) | null;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A commit takes no further write once it has this many changes; a transaction makes about 300. */
const fullCommit = 2_000;

/**
 * All writes of the server, in the order of their arrival. Those that wait while a commit is on its way make up the
 * next one: each is worked out on what the ones before it leave behind, and all changes go to the database as one
 * batch, which LevelDB applies as a whole or not at all, also when the process is killed. So no write ever sees half
 * of another, and none is acknowledged before it is in the database.
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
        await this.#commit();
      }
    }
    // In the same turn as the last look at the list: a write that arrives later starts a new drain.
    this.#draining = null;
  }

  async #commit(): Promise<void> {
    const known: KnownRows = new Map();
    const changes: RowChange[] = [];
    const answers: { answer: () => void; reject: (error: unknown) => void }[] = [];
    for (let next = this.#waiting[0]; next?.write && changes.length < fullCommit; next = this.#waiting[0]) {
      this.#waiting.shift();
      const { write, resolve, reject } = next;
      const staging = new Staging(this.#database, this.#catalog, known);
      try {
        const result = write(staging);
        staging.accept();
        for (const change of staging.changes) changes.push(change);
        answers.push({ answer: () => resolve(result), reject });
      } catch (error) {
        answers.push({ answer: () => reject(error), reject });
      }
    }
    await writeChanges(this.#database, changes).then(
      () => {
        for (const { answer } of answers) answer();
      },
      (error: unknown) => {
        for (const { reject } of answers) reject(error);
      },
    );
  }
}

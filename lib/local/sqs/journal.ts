import { appendFileSync, closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { writeAtomically } from '../atomic-file.ts';

/** A journal is rewritten when it has grown to twice what the last rewrite left, and by this many bytes more. */
const SLACK_BYTES = 4 * 1024 * 1024;

/**
 * An append-only file of JSON lines. A record counts from the moment its line break is written; a crash in mid-append
 * leaves a torn last line, which the next opening cuts off. (No fsync: it survives the death of the process, not of the
 * machine.)
 */
export class Journal<Entry> {
  readonly #path: string;
  #file: number;
  #bytes: number;
  #bytesAfterRewrite: number;

  private constructor(path: string, bytes: number) {
    this.#path = path;
    this.#file = openSync(path, 'a');
    this.#bytes = bytes;
    this.#bytesAfterRewrite = bytes;
  }

  /** Opens or makes a journal. Throws where a whole line is not JSON: that is damage, not a crash. */
  static open<Entry>(path: string): { journal: Journal<Entry>; entries: readonly Entry[] } {
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const end = bytes.lastIndexOf('\n') + 1;
    if (end < bytes.length) truncateSync(path, end);
    const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
    const entries = lines.map((line): Entry => JSON.parse(line));
    return { journal: new Journal<Entry>(path, end), entries };
  }

  append(...entries: readonly Entry[]): void {
    const lines = serialize(entries);
    appendFileSync(this.#file, lines);
    this.#bytes += Buffer.byteLength(lines);
  }

  /** Is it worth rewriting? */
  get isLong(): boolean {
    return this.#bytes > 2 * this.#bytesAfterRewrite + SLACK_BYTES;
  }

  /** Replaces all entries in one step. */
  rewrite(entries: readonly Entry[]): void {
    writeAtomically(this.#path, serialize(entries));
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a');
    this.#bytes = statSync(this.#path).size;
    this.#bytesAfterRewrite = this.#bytes;
  }

  close(): void {
    closeSync(this.#file);
  }
}

const serialize = (entries: readonly unknown[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

import { fingerprintInto } from './fingerprint.ts';

const FIRST_ROWS = 64;

/** One key for each user of a side, as fingerprints: 8 bytes a user, whatever the text was. */
export class KeyColumn {
  #words = new Uint32Array(2 * FIRST_ROWS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The key of the next user. Blank ('') is no key. */
  push(text: string): void {
    if (2 * this.#count === this.#words.length) {
      const grown = new Uint32Array(4 * this.#count);
      grown.set(this.#words);
      this.#words = grown;
    }
    if (text !== '') fingerprintInto(text, this.#words, 2 * this.#count);
    this.#count++;
  }

  /** The two words of a key; both 0 where it is blank. */
  low(index: number): number {
    return this.#words[2 * index]!;
  }

  high(index: number): number {
    return this.#words[2 * index + 1]!;
  }

  isBlank(index: number): boolean {
    return this.low(index) === 0 && this.high(index) === 0;
  }
}

/** Whether two keys are there and equal. */
export const agree = (a: KeyColumn, i: number, b: KeyColumn, j: number): boolean =>
  a.low(i) === b.low(j) && a.high(i) === b.high(j) && !a.isBlank(i);

/** Whether two keys are there and differ. */
export const differ = (a: KeyColumn, i: number, b: KeyColumn, j: number): boolean =>
  !a.isBlank(i) && !b.isBlank(j) && !agree(a, i, b, j);

/** Finds the rows of a column by key. */
export class KeyIndex {
  readonly #keys: KeyColumn;
  readonly #slots: Int32Array;

  constructor(keys: KeyColumn) {
    this.#keys = keys;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * keys.count + 2)));
    for (let row = 0; row < keys.count; row++) {
      if (keys.isBlank(row)) continue;
      const slot = this.#slotOf(keys, row);
      if (this.#slots[slot] === 0) this.#slots[slot] = row + 1;
    }
  }

  /** The first row of the column with the same key as a row of another (or the same) column; -1 for none, and blank. */
  find(keys: KeyColumn, row: number): number {
    return keys.isBlank(row) ? -1 : this.#slots[this.#slotOf(keys, row)]! - 1;
  }

  /** Where the key is, or would be. */
  #slotOf(keys: KeyColumn, row: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = keys.low(row) & mask; ; slot = (slot + 1) & mask) {
      const first = this.#slots[slot]! - 1;
      if (first < 0 || agree(this.#keys, first, keys, row)) return slot;
    }
  }
}

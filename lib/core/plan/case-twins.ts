import { ROW_USABLE, type RowStore } from './row-store.ts';

/**
 * Rows whose sourcedId equals that of an earlier row but for upper and lower case, by their index in the store, in the
 * order of the file. They are different records; people and spreadsheets take them for one.
 *
 * First the rows that may have a twin at all are found with two bits for each of 8 to 16 places per row: nearly every row is
 * alone in its place. Only the others are compared. So while it runs it needs about five bytes for each row of a file
 * with few twins (12 MB for 2.7 million enrollments) and 36 at most, and time linear in the rows.
 */
export function* findCaseTwins(store: RowStore): Generator<number, void, undefined> {
  const candidates = new Candidates(store);
  if (candidates.count === 0) return;
  const mask = 2 ** Math.ceil(Math.log2(candidates.count * 2)) - 1;
  const slots = new Int32Array(mask + 1);
  const hashes = new Uint32Array(mask + 1);
  for (let index = 0; index < store.count; index++) {
    const hash = candidates.hashOf(index);
    if (hash < 0) continue;
    let slot = hash & mask;
    let twin = false;
    for (; slots[slot] !== 0 && !twin; slot = (slot + 1) & mask) {
      twin = hashes[slot] === hash && foldedId(store, slots[slot]! - 1) === foldedId(store, index);
    }
    if (twin) yield index;
    else {
      slots[slot] = index + 1;
      hashes[slot] = hash;
    }
  }
}

const foldedId = (store: RowStore, index: number): string => store.id(index).toLowerCase();

/** The rows that share a place with another row: all twins, and a few others by chance. */
class Candidates {
  /** How many they are. */
  count = 0;
  readonly #store: RowStore;
  readonly #mask: number;
  readonly #taken: Uint8Array;
  readonly #shared: Uint8Array;

  constructor(store: RowStore) {
    this.#store = store;
    this.#mask = 2 ** Math.ceil(Math.log2((store.count + 1) * 8)) - 1;
    this.#taken = new Uint8Array((this.#mask + 1) / 8);
    this.#shared = new Uint8Array((this.#mask + 1) / 8);
    for (let index = 0; index < store.count; index++) this.#take(index);
  }

  /** The hash of a row's folded id; -1 where no other row can be its twin. */
  hashOf(index: number): number {
    const hash = this.#hash(index);
    const place = hash & this.#mask;
    return hash < 0 || (this.#shared[place >>> 3]! & (1 << (place & 7))) === 0 ? -1 : hash;
  }

  #take(index: number): void {
    const hash = this.#hash(index);
    if (hash < 0) return;
    const place = hash & this.#mask;
    const byte = place >>> 3;
    const bit = 1 << (place & 7);
    if ((this.#taken[byte]! & bit) !== 0) {
      // The first one of a place becomes a candidate together with the second.
      this.count += (this.#shared[byte]! & bit) === 0 ? 2 : 1;
      this.#shared[byte] = this.#shared[byte]! | bit;
    }
    this.#taken[byte] = this.#taken[byte]! | bit;
  }

  #hash(index: number): number {
    return this.#store.state(index) === ROW_USABLE ? this.#store.foldedHash(index) : -1;
  }
}

import { hashText, SEED_HIGH, SEED_LOW } from '../proof/text-hash.ts';

/** What a place of the table holds. */
const FREE = 0;
const ONCE = 1;
const DOUBLED = 2;

/** Places at the start; doubled before three of four are taken. */
const FIRST_PLACES = 1024;

/**
 * Finds usernames that several users have, in one pass and without keeping a name: 64 bits of hash each in an open table,
 * 4.7 MB for 270,000 users (2¹⁹ places of 9 bytes). Two different names of those are taken for one with a
 * chance of 2 in a billion (270,000² / 2 / 2⁶⁴). Exact letters count, as they do for the sign-on.
 */
export class DoubledUsernames {
  #low = new Uint32Array(FIRST_PLACES);
  #high = new Uint32Array(FIRST_PLACES);
  #marks = new Uint8Array(FIRST_PLACES);
  #taken = 0;

  /** Blank names are never doubled. */
  add(username: string): void {
    if (username === '') return;
    if (this.#taken >= this.#marks.length * 0.75) this.#grow();
    const [low, high] = [hashText(username, SEED_LOW), hashText(username, SEED_HIGH)];
    const at = this.#placeOf(low, high);
    if (this.#marks[at] === FREE) this.#put(at, low, high, ONCE);
    else this.#marks[at] = DOUBLED;
  }

  has(username: string): boolean {
    if (username === '') return false;
    return this.#marks[this.#placeOf(hashText(username, SEED_LOW), hashText(username, SEED_HIGH))] === DOUBLED;
  }

  /** Where this hash is, or would be. */
  #placeOf(low: number, high: number): number {
    const last = this.#marks.length - 1;
    let at = low & last;
    while (this.#marks[at] !== FREE && (this.#low[at] !== low || this.#high[at] !== high)) at = (at + 1) & last;
    return at;
  }

  #put(at: number, low: number, high: number, mark: number): void {
    this.#low[at] = low;
    this.#high[at] = high;
    this.#marks[at] = mark;
    this.#taken += 1;
  }

  #grow(): void {
    const [lows, highs, marks] = [this.#low, this.#high, this.#marks];
    const places = marks.length * 2;
    this.#low = new Uint32Array(places);
    this.#high = new Uint32Array(places);
    this.#marks = new Uint8Array(places);
    this.#taken = 0;
    marks.forEach((mark, at) => {
      const [low = 0, high = 0] = [lows[at], highs[at]];
      if (mark !== FREE) this.#put(this.#placeOf(low, high), low, high, mark);
    });
  }
}

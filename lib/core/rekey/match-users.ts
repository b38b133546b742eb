import { AGREEMENTS, type Agreement } from './agreement.ts';
import { agree, differ, type KeyColumn, KeyIndex } from './key-column.ts';

/** The users of one side by everything that they may agree on. */
export type Keys = Readonly<Record<Agreement | 'names' | 'birth-date', KeyColumn>> & {
  readonly ids: readonly string[];
};

/** Rows of the two sides. */
export interface Match {
  readonly from: number;
  readonly to: number;
  readonly by: Agreement;
}

/** Rows of the two sides that agree, but not one to one. */
export interface Group {
  readonly by: Agreement;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * Matches two sides one to one, by the strongest key first (R12). A key counts where exactly one user of each side has
 * it. Who shares a key with several is matched by a weaker one only inside that same group. The same sides exchanged
 * give the same matches exchanged.
 */
export function matchUsers(from: Keys, to: Keys): { readonly matches: Match[]; readonly groups: Group[] } {
  const matching = new Matching(from, to);
  for (const by of AGREEMENTS) matching.matchBy(by);
  return { matches: matching.matches, groups: AGREEMENTS.flatMap((by) => matching.groupsLeft(by)) };
}

class Matching {
  readonly matches: Match[] = [];
  readonly #from: Side;
  readonly #to: Side;

  constructor(from: Keys, to: Keys) {
    this.#from = new Side(from);
    this.#to = new Side(to);
  }

  matchBy(by: Agreement): void {
    const [from, to] = [this.#from, this.#to];
    const index = new KeyIndex(from.keys[by]);
    const fromCounts = new Uint32Array(from.size);
    const toCounts = new Uint32Array(from.size);
    const groupOf = (side: Side, row: number) => index.find(side.keys[by], row);
    for (let row = 0; row < from.size; row++) count(fromCounts, groupOf(from, row));
    for (let row = 0; row < to.size; row++) count(toCounts, groupOf(to, row));
    const shared = (group: number) => group >= 0 && fromCounts[group]! > 0 && toCounts[group]! > 0;
    const single = (group: number) => fromCounts[group] === 1 && toCounts[group] === 1;
    for (let row = 0; row < from.size; row++) {
      const group = groupOf(from, row);
      if (shared(group) && !single(group)) from.markAmbiguous(row, by);
    }
    for (let row = 0; row < to.size; row++) {
      const group = groupOf(to, row);
      if (!shared(group)) continue;
      if (!single(group)) to.markAmbiguous(row, by);
      else if (!from.isTaken(group) && !to.isTaken(row) && !this.#contradicts(group, row, by)) {
        from.take(group);
        to.take(row);
        this.matches.push({ from: group, to: row, by });
      }
    }
  }

  /** The groups of a key of which somebody is left on both sides. A user is listed once, by the strongest key. */
  groupsLeft(by: Agreement): Group[] {
    const groups = new Map<string, { by: Agreement; from: number[]; to: number[] }>();
    for (const [name, side] of [
      ['from', this.#from],
      ['to', this.#to],
    ] as const) {
      const keys = side.keys[by];
      for (let row = 0; row < side.size; row++) {
        if (side.isTaken(row) || !side.isAmbiguous(row, by)) continue;
        const key = `${keys.low(row)} ${keys.high(row)}`;
        const group = groups.get(key) ?? { by, from: [], to: [] };
        group[name].push(row);
        groups.set(key, group);
      }
    }
    const left = [...groups.values()].filter((group) => group.from.length > 0 && group.to.length > 0);
    for (const group of left) {
      for (const row of group.from) this.#from.take(row);
      for (const row of group.to) this.#to.take(row);
    }
    return left;
  }

  /** Whether two users who agree on a key are other people by what says more about them. */
  #contradicts(i: number, j: number, by: Agreement): boolean {
    const [from, to] = [this.#from, this.#to];
    for (const stronger of AGREEMENTS.slice(0, AGREEMENTS.indexOf(by))) {
      const inGroup = from.isAmbiguous(i, stronger) || to.isAmbiguous(j, stronger);
      if (inGroup && !agree(from.keys[stronger], i, to.keys[stronger], j)) return true;
    }
    if (by === 'identifier') return false;
    if (differ(from.keys['birth-date'], i, to.keys['birth-date'], j)) return true;
    // User names and addresses are given again to others, and people share their names: a new identifier says so.
    if (!differ(from.keys.identifier, i, to.keys.identifier, j)) return false;
    if (by === 'name-grade-school') return true;
    return !agree(from.keys.names, i, to.keys.names, j);
  }
}

/** One side, and what has become of its users. */
class Side {
  readonly keys: Keys;
  readonly size: number;
  readonly #taken: Uint8Array;
  /** One bit for each key that several users share. */
  readonly #ambiguous: Uint8Array;

  constructor(keys: Keys) {
    this.keys = keys;
    this.size = keys.ids.length;
    this.#taken = new Uint8Array(this.size);
    this.#ambiguous = new Uint8Array(this.size);
  }

  isTaken(row: number): boolean {
    return this.#taken[row] === 1;
  }

  take(row: number): void {
    this.#taken[row] = 1;
  }

  isAmbiguous(row: number, by: Agreement): boolean {
    return (this.#ambiguous[row]! & (1 << AGREEMENTS.indexOf(by))) !== 0;
  }

  markAmbiguous(row: number, by: Agreement): void {
    this.#ambiguous[row] = this.#ambiguous[row]! | (1 << AGREEMENTS.indexOf(by));
  }
}

function count(counts: Uint32Array, group: number): void {
  if (group >= 0) counts[group] = counts[group]! + 1;
}

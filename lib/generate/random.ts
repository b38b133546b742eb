/** Mixes three 32-bit numbers to one, well spread; for a fixed `a` and `b` different `c` give different results. */
export function mix(a: number, b: number, c: number): number {
  const key = scramble((scramble(a ^ 0x9e3779b9) + b) | 0);
  return scramble((c ^ key) | 0);
}

/** A bijection on 32-bit numbers whose output bits all depend on all input bits. */
function scramble(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The 32-bit number that a seed's text stands for, so that `--seed 7` and `--seed maple` both work. */
export function seedNumber(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return scramble(hash);
}

/** A small counter-based generator (three 32-bit words of state): the same keys always give the same sequence. */
export class Random {
  private counter = 0;
  private readonly key: number;
  private readonly lane: number;

  /** `seed` names the district, `purpose` and `part` one independent sequence of it. */
  constructor(seed: number, purpose: number, part = 0) {
    this.key = mix(seed, purpose, part);
    this.lane = mix(purpose, part, seed);
  }

  /** A number from 0 to 2^32 - 1. */
  next(): number {
    this.counter = (this.counter + 1) >>> 0;
    return mix(this.key, this.lane, this.counter);
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  /** A number from `low` up to, not including, `high`. */
  between(low: number, high: number): number {
    return low + (this.next() / 0x1_0000_0000) * (high - low);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() / 0x1_0000_0000 < probability;
  }

  /** One of a list that has at least one. */
  pick<T>(list: ArrayLike<T>): T {
    return list[this.below(list.length)] as T;
  }

  /** A whole number whose average is `value`. */
  round(value: number): number {
    const whole = Math.floor(value);
    return whole + (this.chance(value - whole) ? 1 : 0);
  }

  /** Puts a list in another order, in place. */
  shuffle<T extends number[] | Uint32Array>(list: T): T {
    for (let at = list.length - 1; at > 0; at -= 1) {
      const other = this.below(at + 1);
      const held = list[at] as number;
      list[at] = list[other] as number;
      list[other] = held;
    }
    return list;
  }
}

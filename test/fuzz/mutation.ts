import type { Random } from '../../lib/generate/random.ts';

/** One way to damage something of type `T`, in place. */
export interface Mutation<T> {
  readonly name: string;
  /** How often it is chosen, against the others of its stage. */
  readonly weight: number;
  /** A cell may end up under another column's name: a sourcedId may then be any text. */
  readonly shifts?: boolean;
  /** Does it; '' where there was nothing to damage. Returns what it did, in few words. */
  readonly apply: (target: T, dice: Random) => string;
}

/** One of the list, by weight. */
export function pickByWeight<T>(mutations: readonly Mutation<T>[], dice: Random): Mutation<T> {
  let left = dice.below(mutations.reduce((sum, { weight }) => sum + weight, 0));
  for (const mutation of mutations) {
    left -= mutation.weight;
    if (left < 0) return mutation;
  }
  throw new Error('weights are positive');
}

/** What a change said about itself, if it did: many are one call whose result says nothing. */
export const saidOf = (result: unknown): string => (typeof result === 'string' ? result : '');

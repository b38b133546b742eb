import { corpusJudge, FAMILIES } from './corpus.ts';
import type { Ending, Family } from './fault.ts';
import type { Verdict } from './judge.ts';

/** Something that was wrong, with all that is needed to see it again. */
export interface Wrong {
  readonly name: string;
  readonly ending: Ending;
  readonly what: readonly string[];
}

/** What became of the faults of one family. */
export interface FamilyTally {
  readonly family: string;
  cases: number;
  readonly endings: Record<Ending, number>;
  readonly wrong: Wrong[];
  /** Names of faults that were held though no limit is crossed. */
  readonly needless: string[];
  removed: number;
  restored: number;
  nextHeld: number;
}

export const emptyTally = (family: string): FamilyTally => ({
  family,
  cases: 0,
  endings: { held: 0, rejected: 0, incomplete: 0, unchanged: 0, applied: 0, superseded: 0, failed: 0 },
  wrong: [],
  needless: [],
  removed: 0,
  restored: 0,
  nextHeld: 0,
});

/** Which of all faults: each `every`th, from `first` on. */
export interface Share {
  readonly first: number;
  readonly every: number;
}

export const ALL: Share = { first: 0, every: 1 };

/** Tries a share of the faults of some families. */
export async function tryFamilies(
  families: readonly Family[] = FAMILIES,
  { first, every }: Share = ALL,
  judge = corpusJudge(),
): Promise<FamilyTally[]> {
  const tallies: FamilyTally[] = [];
  let at = 0;
  for (const { name, faults } of families) {
    const tally = emptyTally(name);
    for (const fault of faults()) if (at++ % every === first) count(tally, await judge.try(fault));
    tallies.push(tally);
  }
  return tallies;
}

function count(tally: FamilyTally, { fault, ending, wrong, needless, removed, restored, nextHeld }: Verdict): void {
  tally.cases++;
  tally.endings[ending]++;
  tally.removed += removed;
  tally.restored += restored;
  tally.nextHeld += Number(nextHeld);
  if (wrong.length > 0) tally.wrong.push({ name: fault.name, ending, what: wrong });
  if (needless) tally.needless.push(fault.name);
}

/** Adds up the tallies of shares, family by family. */
export function sumOf(parts: readonly (readonly FamilyTally[])[]): FamilyTally[] {
  const [whole = [], ...rest] = parts;
  return whole.map((first, at) => rest.reduce((sum, part) => addedTo(sum, part[at] ?? emptyTally('')), first));
}

/** All families together. */
export const totalOf = (tallies: readonly FamilyTally[]): FamilyTally => tallies.reduce(addedTo, emptyTally('all'));

function addedTo(one: FamilyTally, other: FamilyTally): FamilyTally {
  const endings = Object.entries(one.endings).map(([ending, cases]) => [
    ending,
    cases + other.endings[ending as Ending],
  ]);
  return {
    family: one.family,
    cases: one.cases + other.cases,
    endings: Object.fromEntries(endings) as Record<Ending, number>,
    wrong: [...one.wrong, ...other.wrong],
    needless: [...one.needless, ...other.needless],
    removed: one.removed + other.removed,
    restored: one.restored + other.restored,
    nextHeld: one.nextHeld + other.nextHeld,
  };
}

import { simulate } from './simulate.ts';
import { addRun, emptyTally, type Tally } from './tally.ts';

/** What this process tells the one that made it: each seed that is done, and all of them in the end. */
export type FromSeeds = { readonly seed: number; readonly failed: boolean } | { readonly tally: Tally };

const say = (message: FromSeeds): void => {
  process.send?.(message);
};

/** A process of its own that runs every `step`-th seed from `from` on, `count` in all. */
const [from = 1, step = 1, count = 0] = process.argv.slice(2).map(Number);

const tally = emptyTally();
for (let seed = from; seed < from + count * step; seed += step) {
  const run = await simulate(seed);
  addRun(tally, run);
  say({ seed, failed: run.broken.length > 0 });
}
say({ tally });

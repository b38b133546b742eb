import { simulate } from './simulate.ts';
import { addRun, emptyTally } from './tally.ts';

/** A process of its own that runs every `step`-th seed from `from` on, `count` in all, and sends its tally. */
const [from = 1, step = 1, count = 0] = process.argv.slice(2).map(Number);

const tally = emptyTally();
for (let i = 0; i < count; i++) addRun(tally, await simulate(from + i * step));
process.send?.(tally);

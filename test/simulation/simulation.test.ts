import { simulate } from './simulate.ts';
import { addRun, emptyTally } from './tally.ts';

/** Seeds that run here; `npm run simulate` takes any number. */
const SEEDS = 300;
const PER_TEST = 50;

/** What a run must have gone through to mean anything. */
const WANTED = [
  'apply: already-done',
  'apply: applied',
  'apply: busy',
  'apply: stale',
  'claim: incomplete',
  'claim: set-open',
  'command: already-done',
  'command: busy',
  'command: done',
  'command: refused',
  'consider-set: received',
  'plan: apply-first',
  'plan: blocked',
  'plan: held',
  'plan: rejected',
  'plan: stale',
  'plan: unchanged',
];

describe('R15: whatever fails, comes twice, late or not at all', () => {
  const starts = Array.from({ length: SEEDS / PER_TEST }, (_, index) => 1 + index * PER_TEST);

  test.each(starts)(`${PER_TEST} seeds from %i on end as they must`, async (from) => {
    const tally = emptyTally();
    for (let seed = from; seed < from + PER_TEST; seed++) addRun(tally, await simulate(seed));
    expect(tally.failures).toEqual([]);
    for (const [fault, count] of Object.entries(tally.faults)) expect([fault, count > 0]).toEqual([fault, true]);
    for (const outcome of WANTED) expect(Object.keys(tally.outcomes)).toContain(outcome);
  });

  test('a seed is a run: the same again, to the last step', async () => {
    const [first, second] = [await simulate(7), await simulate(7)];
    expect(second).toEqual(first);
    const traced = await simulate(7, { tracing: true });
    expect({ ...traced, trace: [] }).toEqual(first);
  });
});

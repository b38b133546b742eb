import { SABOTAGES } from './sabotage.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

/** Seeds from which on each sabotage is looked for, and what must notice it (docs/decisions/0031-simulation.md). */
const NOTICED: Readonly<Record<string, { readonly from: number; readonly invariants: readonly string[] }>> = {
  'fence: a write does not look at the fence row': { from: 3, invariants: ['stale-write'] },
  'fence: raised after the table was read': { from: 680, invariants: ['stale-write'] },
  'lease: everybody gets it, with one number for all': { from: 7, invariants: ['defect', 'stale-write', 'product-id'] },
  'quiet time: none': { from: 5, invariants: ['quiet'] },
  'R5: a damaged row counts as missing': { from: 25, invariants: ['table'] },
  'delete: without If-Match': { from: 2, invariants: ['lost', 'mixed'] },
  'delete: equal bytes have equal entity tags': { from: 42, invariants: ['lost', 'mixed'] },
  'set: claimed versions are forgotten': { from: 7, invariants: ['one-delivery'] },
  'set: sealed although a file came or was replaced since': { from: 3077, invariants: ['failed-upload', 'mixed'] },
  'set: nobody looks what else lies in the folder': { from: 2, invariants: ['mixed'] },
  'failed upload: taken for whole': { from: 1, invariants: ['failed-upload'] },
  'approval: the revision is not compared': { from: 23, invariants: ['stale-approval'] },
  'undo: conflicts are overwritten': { from: 23, invariants: ['undo', 'table'] },
  'usual: an undo leaves it': { from: 440, invariants: ['verdict', 'hold'] },
  'limits: nobody keeps them': { from: 5, invariants: ['verdict', 'hold'] },
  'pause: planners do not see it': { from: 15, invariants: ['paused'] },
  'delta: what it builds on does not matter': { from: 10, invariants: ['blocked'] },
  'outbox: what a sync came to is not written as untold': { from: 1, invariants: ['told'] },
  'outbox: written as told before it is told': { from: 10, invariants: ['told'] },
  'proof: a write loses a record': { from: 1, invariants: ['failed'] },
  'proof: off, and a write loses a record': { from: 1, invariants: ['table'] },
};

/** Seeds that are tried. */
const WITHIN = 40;

describe('the simulation can fail', () => {
  test.each(SABOTAGES.map((sabotage) => [sabotage.name, sabotage] as const))('%s', async (name, sabotage) => {
    const { from, invariants } = NOTICED[name]!;
    for (let seed = from; seed < from + WITHIN; seed++) {
      const { broken } = await simulate(seed, { sabotage });
      if (broken.some(({ invariant }) => invariants.includes(invariant))) return;
    }
    throw new Error(`nobody noticed within ${WITHIN} seeds`);
  });

  test('a failing seed is told in few steps', async () => {
    const sabotage = SABOTAGES.find(({ name }) => name.startsWith('quiet time'))!;
    let seed = 1;
    let failed = await simulate(seed, { sabotage });
    while (failed.broken.length === 0) failed = await simulate(++seed, { sabotage });
    const { result, omitted } = await shrink(failed, sabotage);
    expect(result.broken[0]?.invariant).toBe(failed.broken[0]?.invariant);
    expect(result.steps).toBeLessThan(failed.steps);
    expect(result.trace.length).toBeGreaterThan(0);
    expect(omitted.acts.size + omitted.faults.size).toBeGreaterThan(0);
  });
});

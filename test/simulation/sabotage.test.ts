import { SABOTAGES } from './sabotage.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

/** Seeds from which on each sabotage is looked for, and what must notice it (docs/decisions/0030-simulation.md). */
const NOTICED: Readonly<Record<string, { readonly from: number; readonly invariants: readonly string[] }>> = {};

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

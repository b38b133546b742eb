import { FINDING_KINDS } from '../../lib/core/oneroster/finding-codes.ts';
import { type FuzzFailure, fuzz } from './fuzz.ts';
import { saveFailure } from './save-failure.ts';
import { watchdog } from './watchdog.ts';

/**
 * Runs so many cases and expects that no invariant breaks; and that they reached what they are for: every verdict, and
 * most of the codes.
 */
export async function expectNothingBroken(seed: number, cases: number): Promise<void> {
  const watching = watchdog(seed, 30);
  const report = await fuzz({ seed, cases, onCase: watching.caseBegins });
  await watching.stop();
  expect(report.failures.map(described)).toEqual([]);
  expect(report.cases).toBe(cases);
  const { accepted = 0, rejected = 0, incomplete = 0 } = report.byVerdict;
  expect(accepted).toBeGreaterThan(cases * 0.4);
  expect(rejected).toBeGreaterThan(cases * 0.2);
  expect(incomplete).toBeGreaterThan(cases * 0.01);
  expect(Object.keys(report.byCode).length).toBeGreaterThan(Object.keys(FINDING_KINDS).length * 0.85);
}

const described = (failure: FuzzFailure): string => {
  const { seed, number, broken, done } = failure;
  return [`seed ${seed} case ${number}, saved to ${saveFailure(failure)}`, ...broken, ...done].join('\n');
};

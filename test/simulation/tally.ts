import { CALL_FAULTS, type Fault, MESSAGE_FAULTS } from './faults.ts';
import type { RunResult } from './simulate.ts';

/** What many runs amount to. */
export interface Tally {
  seeds: number;
  /** Seeds of which an invariant broke. */
  failed: number;
  steps: number;
  /** Syncs that ended in the table. */
  syncs: number;
  /** How often `watch` started again what was left lying. */
  resumed: number;
  /** Commands of people. */
  commands: number;
  readonly faults: Record<Fault, number>;
  /** What the functions said that became of their messages. */
  readonly outcomes: Record<string, number>;
  readonly failures: { readonly seed: number; readonly broken: readonly string[] }[];
}

export const emptyTally = (): Tally => ({
  seeds: 0,
  failed: 0,
  steps: 0,
  syncs: 0,
  resumed: 0,
  commands: 0,
  faults: Object.fromEntries([...CALL_FAULTS, ...MESSAGE_FAULTS].map((fault) => [fault, 0])) as Record<Fault, number>,
  outcomes: {},
  failures: [],
});

/** Adds a run. */
export function addRun(
  tally: Tally,
  { seed, broken, steps, syncs, resumed, commands, faults, outcomes }: RunResult,
): void {
  const failures = broken.map(({ invariant, what }) => `${invariant}: ${what}`);
  const failed = broken.length > 0 ? 1 : 0;
  addTally(tally, {
    seeds: 1,
    failed,
    steps,
    syncs,
    resumed,
    commands,
    faults,
    outcomes,
    failures: failed > 0 ? [{ seed, broken: failures }] : [],
  });
}

/** Adds what another thread counted. */
export function addTally(tally: Tally, other: Readonly<Tally>): void {
  for (const name of ['seeds', 'failed', 'steps', 'syncs', 'resumed', 'commands'] as const) tally[name] += other[name];
  for (const [fault, count] of Object.entries(other.faults)) tally.faults[fault as Fault] += count;
  for (const [name, count] of Object.entries(other.outcomes))
    tally.outcomes[name] = (tally.outcomes[name] ?? 0) + count;
  tally.failures.push(...other.failures);
}

import { brings, filesOf, isDryRun } from './choose-delivery.ts';
import type { SyncState } from './states.ts';
import type { Delivery } from './sync.ts';

/** An earlier delivery and what became of it; null while nobody knows. */
export interface Outcome {
  readonly delivery: Delivery;
  readonly state: SyncState | null;
}

/** What leaves a gap under the deltas that follow. */
const NOT_TAKEN: ReadonlySet<SyncState | null> = new Set([
  'held',
  'rejected',
  'incomplete',
  'failed',
  'undone',
] satisfies SyncState[]);

const TAKEN: ReadonlySet<SyncState | null> = new Set(['applied', 'unchanged'] satisfies SyncState[]);

/**
 * The earlier deliveries that block a delta (R15), in the order of `outcomes`: not taken, and no bulk delivery of the same
 * files was since. A delta that a bulk delivery of other files passed by is such a gap too, and so is a held bulk delivery
 * that one of other files took the place of. Of an upload that could not be read nobody knows the files: then those of the
 * delta itself must have come in full.
 */
export function blockersOf(delta: Delivery, outcomes: readonly Outcome[]): readonly Outcome[] {
  const earlier = outcomes.filter(({ delivery }) => !isDryRun(delivery) && orderIn(delivery) < delta.order);
  const taken = earlier.filter(({ state }) => TAKEN.has(state));
  return earlier.filter((outcome) => {
    const { delivery: blocker } = outcome;
    if (!leavesGap(outcome)) return false;
    const known = filesOf(blocker);
    const files = known.length > 0 ? known : delta.deltaFiles;
    return !taken.some(({ delivery }) => delivery.order > orderIn(blocker) && brings(delivery, files));
  });
}

/** Whether a delivery that ended so leaves a gap, until a bulk delivery of its files is taken. */
export const leavesGap = (outcome: Outcome): boolean => NOT_TAKEN.has(outcome.state) || wasPassedBy(outcome);

/** A bulk delivery that was superseded while it waited was never missed; one that had a plan was held, and shown. */
const wasPassedBy = ({ delivery, state }: Outcome): boolean =>
  state === 'superseded' && (delivery.hasDelta || delivery.state === 'planned');

/** Those that never became whole may lack an order. */
export const orderIn = ({ order, openedAt }: Delivery): string => (order === '' ? openedAt : order);

/** A delivery that was not taken, and what became of it. */
export interface Blocker {
  readonly deliveryId: string;
  readonly state: SyncState | null;
}

/** A waiting delta, and what it waits for (R15). */
export interface BlockedDelta {
  readonly delivery: Delivery;
  /** Oldest first. Of one that only waits behind another blocked delta: what that one waits for. */
  readonly by: readonly Blocker[];
}

/** Says of blocked deltas, as `chooseDelivery` found them in their order, what blocks each. */
export function explainBlocked(blocked: readonly Delivery[], outcomes: readonly Outcome[]): readonly BlockedDelta[] {
  let before: readonly Blocker[] = [];
  return blocked.map((delivery) => {
    const own = blockersOf(delivery, outcomes).toSorted((a, b) => (orderIn(a.delivery) < orderIn(b.delivery) ? -1 : 1));
    if (own.length > 0) before = own.map(({ delivery: { deliveryId }, state }) => ({ deliveryId, state }));
    return { delivery, by: before };
  });
}

import { blockersOf, leavesGap, type Outcome, orderIn } from './blocked-deltas.ts';
import type { Delivery } from './sync.ts';

/**
 * Those of `old` deliveries without which every delta is blocked by the same ones as with them (R15). What no bulk delivery
 * has made good blocks deltas for as long as it is there, so it stays; and while one stays that was not taken, so does what
 * was taken after it, as that may be what made it good.
 *
 * @param looked what a delta looks at: the newest deliveries, each with what became of it.
 */
export function expendableOf(old: readonly Delivery[], looked: readonly Outcome[]): readonly Delivery[] {
  const gaps = gapsIn(looked);
  const expendable = (delivery: Delivery) => old.some(({ deliveryId }) => deliveryId === delivery.deliveryId);
  const kept = looked.filter(
    (outcome) => leavesGap(outcome) && (gaps.has(outcome.delivery.deliveryId) || !expendable(outcome.delivery)),
  );
  const firstKept = kept.map(({ delivery }) => orderIn(delivery)).sort()[0];
  const byId = new Map(looked.map((outcome) => [outcome.delivery.deliveryId, outcome]));
  return old.filter((delivery) => {
    const { deliveryId } = delivery;
    const outcome = byId.get(deliveryId);
    // Behind all that a delta looks at.
    if (outcome === undefined) return true;
    if (leavesGap(outcome)) return !gaps.has(deliveryId);
    return firstKept === undefined || orderIn(delivery) < firstKept;
  });
}

/** What would block a delta that comes last, of any file that this district has ever sent. */
function gapsIn(looked: readonly Outcome[]): ReadonlySet<string> {
  const files = new Set(looked.flatMap(({ delivery }) => [...delivery.bulkFiles, ...delivery.deltaFiles]));
  const [some] = looked;
  if (some === undefined) return new Set();
  const last: Delivery = { ...some.delivery, order: '\uffff', hasDelta: true, bulkFiles: [], deltaFiles: [...files] };
  return new Set(blockersOf(last, looked).map(({ delivery: { deliveryId } }) => deliveryId));
}

/**
 * Expendable deliveries in an order in which a removal may stop after any of them: first those that were not taken, then
 * what has made them good. The other way round, what was left would block every later delta.
 */
export function inOrderOfRemoval(going: readonly Delivery[], looked: readonly Outcome[]): readonly Delivery[] {
  const gaps = new Set(looked.filter(leavesGap).map(({ delivery }) => delivery.deliveryId));
  const rank = (delivery: Delivery) => `${gaps.has(delivery.deliveryId) ? 0 : 1} ${orderIn(delivery)}`;
  return going.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

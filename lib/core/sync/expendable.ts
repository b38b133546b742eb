import { blockersOf, NOT_TAKEN, type Outcome, orderIn } from './choose-delivery.ts';
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
    ({ delivery, state }) => isNotTaken(delivery, state) && (gaps.has(delivery.deliveryId) || !expendable(delivery)),
  );
  const firstKept = kept.map(({ delivery }) => orderIn(delivery)).sort()[0];
  const stateOf = new Map(looked.map(({ delivery, state }) => [delivery.deliveryId, state]));
  return old.filter((delivery) => {
    const { deliveryId } = delivery;
    // Behind all that a delta looks at.
    if (!stateOf.has(deliveryId)) return true;
    if (isNotTaken(delivery, stateOf.get(deliveryId) ?? null)) return !gaps.has(deliveryId);
    return firstKept === undefined || orderIn(delivery) < firstKept;
  });
}

const isNotTaken = (delivery: Delivery, state: Outcome['state']): boolean =>
  NOT_TAKEN.has(state) || (state === 'superseded' && delivery.hasDelta);

/** What would block a delta that comes last, of any file that this district has ever sent. */
function gapsIn(looked: readonly Outcome[]): ReadonlySet<string> {
  const files = new Set(looked.flatMap(({ delivery }) => [...delivery.bulkFiles, ...delivery.deltaFiles]));
  const [some] = looked;
  if (some === undefined) return new Set();
  const last: Delivery = { ...some.delivery, order: '\uffff', hasDelta: true, bulkFiles: [], deltaFiles: [...files] };
  return new Set(blockersOf(last, looked).map(({ deliveryId }) => deliveryId));
}

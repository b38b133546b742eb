import type { Delivery } from './sync.ts';

/** What to do with the deliveries that wait. */
export interface Choice {
  /** The one to plan now, or null. */
  readonly next: Delivery | null;
  /** Never planned: a newer bulk delivery runs instead, or a newer one was already applied (R15). */
  readonly superseded: readonly Delivery[];
}

/** A dry run is planned and reported, never applied (design §4). */
export const isDryRun = (delivery: Pick<Delivery, 'folder'>): boolean =>
  delivery.folder === 'test' || delivery.folder.startsWith('test/');

/**
 * Chooses from the waiting deliveries, oldest first (R15): the oldest goes next, except that a bulk delivery gives way
 * to any newer waiting bulk one, and that nothing starts which is not newer than the last applied one.
 * Deliveries with a delta are never superseded by waiting ones. Dry runs neither supersede nor are superseded.
 */
export function chooseDelivery(waiting: readonly Delivery[], lastAppliedOrder: string | null): Choice {
  const superseded: Delivery[] = [];
  for (const [i, delivery] of waiting.entries()) {
    if (isDryRun(delivery)) return { next: delivery, superseded };
    const tooOld = lastAppliedOrder !== null && delivery.order <= lastAppliedOrder;
    const newerBulk = waiting.slice(i + 1).some((other) => !other.hasDelta && !isDryRun(other));
    if (tooOld || (!delivery.hasDelta && newerBulk)) superseded.push(delivery);
    else return { next: delivery, superseded };
  }
  return { next: null, superseded };
}

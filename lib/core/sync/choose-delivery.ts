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

/** A newer bulk delivery that brings every file of an older one; an unreadable upload replaces nothing. */
const replaces = (newer: Delivery, older: Delivery): boolean =>
  !newer.hasDelta &&
  !isDryRun(newer) &&
  !older.hasDelta &&
  older.bulkFiles.length > 0 &&
  older.bulkFiles.every((file) => newer.bulkFiles.includes(file));

/**
 * Chooses from the waiting deliveries, oldest first (R15): the oldest goes next, except that a bulk delivery gives way
 * to a newer waiting bulk one of the same files, and that nothing starts which is not newer than the last applied one.
 * Deliveries with a delta are never superseded by waiting ones. Dry runs neither supersede nor are superseded.
 */
export function chooseDelivery(waiting: readonly Delivery[], lastAppliedOrder: string | null): Choice {
  const superseded: Delivery[] = [];
  for (const [i, delivery] of waiting.entries()) {
    if (isDryRun(delivery)) return { next: delivery, superseded };
    const tooOld = lastAppliedOrder !== null && delivery.order <= lastAppliedOrder;
    const replaced = waiting.slice(i + 1).some((other) => replaces(other, delivery));
    if (tooOld || replaced) superseded.push(delivery);
    else return { next: delivery, superseded };
  }
  return { next: null, superseded };
}

import type { Delivery } from './sync.ts';

/** What to do with the deliveries that wait. */
export interface Choice {
  /** The one to plan now, or null. */
  readonly next: Delivery | null;
  /** Never planned: a newer one was already applied (R15). */
  readonly superseded: readonly Delivery[];
  /** Never planned if `next` turns out to be good: it runs instead of them (R15). Oldest first. */
  readonly replaced: readonly Delivery[];
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
 * Chooses from the waiting deliveries, oldest first (R15): the oldest goes next, except that bulk deliveries give way to
 * a newer waiting bulk one of the same files, and that nothing starts which is not newer than the last applied one.
 * Whether the newer one can be read to its end, only its plan knows: until then the older ones wait.
 * Deliveries with a delta are never superseded by waiting ones, and keep the bulk one that they build on. Dry runs
 * neither supersede nor are superseded.
 */
export function chooseDelivery(waiting: readonly Delivery[], lastAppliedOrder: string | null): Choice {
  const isTooOld = (delivery: Delivery) =>
    !isDryRun(delivery) && lastAppliedOrder !== null && delivery.order <= lastAppliedOrder;
  const superseded = waiting.filter(isTooOld);
  const [oldest, ...newer] = waiting.filter((delivery) => !isTooOld(delivery));
  if (oldest === undefined) return { next: null, superseded, replaced: [] };
  let next = oldest;
  let replaced: Delivery[] = [];
  const passed: Delivery[] = [oldest];
  for (const delivery of newer) {
    if (isDryRun(oldest) || delivery.hasDelta) break;
    if (isDryRun(delivery)) continue;
    if (passed.every((older) => replaces(delivery, older))) {
      next = delivery;
      replaced = [...passed];
    }
    passed.push(delivery);
  }
  return { next, superseded, replaced };
}

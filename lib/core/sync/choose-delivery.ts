import type { Delivery, DistrictState, Sync } from './sync.ts';

/** What to do with the deliveries that wait. */
export interface Choice {
  /** The one to plan now, or null. */
  readonly next: Delivery | null;
  /** Never planned: a newer one was already applied (R15). */
  readonly superseded: readonly Delivery[];
  /** Never planned if `next` turns out to be good: it runs instead of them (R15). Oldest first. */
  readonly replaced: readonly Delivery[];
  /** Deltas that build on something that was not taken: they wait for a bulk export, or for a person (R15). */
  readonly blocked: readonly Delivery[];
}

/** A dry run is planned and reported, never applied (design §4). */
export const isDryRun = (delivery: Pick<Delivery, 'folder'>): boolean =>
  delivery.folder === 'test' || delivery.folder.startsWith('test/');

/** A newer bulk delivery that brings every file of an older one; an unreadable upload replaces nothing. */
const replaces = (newer: Delivery, older: Delivery): boolean =>
  !older.hasDelta && older.bulkFiles.length > 0 && brings(newer, older.bulkFiles);

/**
 * Whether a good delivery takes the place of an older one that is held (R11, R15): a bulk delivery of the same files does,
 * also of a delta. `isTooLate`: nobody can approve the held one any more. Then a bulk delivery of other files takes the
 * place of a bulk one too; what only the older one had stays a gap under later deltas (`blockersOf`).
 */
export const takesPlaceOf = (newer: Delivery, held: Delivery, isTooLate = false): boolean =>
  newer.order > held.order && brings(newer, isTooLate && !held.hasDelta ? [] : filesOf(held));

/** Whether a held plan can no longer be approved (R13): the roster is being changed, was changed, or has something newer. */
export const isTooLateFor = (held: Sync, delivery: Delivery, state: DistrictState): boolean =>
  state.applyingSyncId !== null ||
  state.revision !== held.basis ||
  isTooOld(delivery, state.lastApplied?.order ?? null);

/** The roster files that a delivery has, in full or as a delta. */
export const filesOf = ({ bulkFiles, deltaFiles }: Pick<Delivery, 'bulkFiles' | 'deltaFiles'>): readonly string[] => [
  ...bulkFiles,
  ...deltaFiles,
];

/** Whether a delivery is a real bulk one that has all of these files. */
export const brings = (delivery: Delivery, files: readonly string[]): boolean =>
  !delivery.hasDelta && !isDryRun(delivery) && files.every((file) => delivery.bulkFiles.includes(file));

/**
 * Chooses from the waiting deliveries, oldest first (R15): the oldest goes next, except that bulk deliveries give way to
 * a newer waiting bulk one of the same files, and that nothing starts which is not newer than the last applied one.
 * Whether the newer one can be read to its end, only its plan knows: until then the older ones wait.
 * Deliveries with a delta are never superseded by waiting ones, and keep the bulk one that they build on; blocked ones
 * are passed by. Dry runs neither supersede nor are superseded.
 */
export function chooseDelivery(
  waiting: readonly Delivery[],
  lastAppliedOrder: string | null,
  isBlocked: (delta: Delivery) => boolean = () => false,
): Choice {
  const superseded = waiting.filter((each) => isTooOld(each, lastAppliedOrder));
  const blocked: Delivery[] = [];
  const ready: Delivery[] = [];
  for (const delivery of waiting.filter((each) => !superseded.includes(each))) {
    // Deltas run in order: behind a blocked one, the next is blocked too.
    const waits = delivery.hasDelta && !isDryRun(delivery) && (blocked.length > 0 || isBlocked(delivery));
    (waits ? blocked : ready).push(delivery);
  }
  const [oldest, ...newer] = ready;
  if (oldest === undefined) return { next: null, superseded, replaced: [], blocked };
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
  return { next, superseded, replaced, blocked };
}

/** Nothing starts that is not newer than the last applied delivery (R15). */
export const isTooOld = (delivery: Delivery, lastAppliedOrder: string | null): boolean =>
  !isDryRun(delivery) && lastAppliedOrder !== null && delivery.order <= lastAppliedOrder;

import type { SyncState } from './states.ts';
import type { Delivery } from './sync.ts';

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
 * Whether a good delivery takes the place of an older one that is held (R11, R15): deltas too, but only a bulk delivery
 * of the same files does.
 */
export const takesPlaceOf = (newer: Delivery, held: Delivery): boolean =>
  newer.order > held.order && brings(newer, filesOf(held));

const filesOf = ({ bulkFiles, deltaFiles }: Delivery): readonly string[] => [...bulkFiles, ...deltaFiles];

const brings = (delivery: Delivery, files: readonly string[]): boolean =>
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

/** An earlier delivery and what became of it; null while nobody knows. */
export interface Outcome {
  readonly delivery: Delivery;
  readonly state: SyncState | null;
}

/** What leaves a gap under the deltas that follow. */
export const NOT_TAKEN: ReadonlySet<SyncState | null> = new Set([
  'held',
  'rejected',
  'incomplete',
  'failed',
  'undone',
] satisfies SyncState[]);

const TAKEN: ReadonlySet<SyncState | null> = new Set(['applied', 'unchanged'] satisfies SyncState[]);

/**
 * The earlier deliveries that block a delta (R15): not taken, and no bulk delivery of the same files was since. A delta
 * that a bulk delivery of other files passed by is such a gap too. Of an upload that could not be read nobody knows the files: then those of the delta itself must have come in full.
 */
export function blockersOf(delta: Delivery, outcomes: readonly Outcome[]): readonly Delivery[] {
  const earlier = outcomes.filter(({ delivery }) => !isDryRun(delivery) && orderIn(delivery) < delta.order);
  const taken = earlier.filter(({ state }) => TAKEN.has(state));
  return earlier
    .filter(({ delivery, state }) => NOT_TAKEN.has(state) || (state === 'superseded' && delivery.hasDelta))
    .map(({ delivery }) => delivery)
    .filter((blocker) => {
      const known = filesOf(blocker);
      const files = known.length > 0 ? known : delta.deltaFiles;
      return !taken.some(({ delivery }) => delivery.order > orderIn(blocker) && brings(delivery, files));
    });
}

/** Those that never became whole may lack an order. */
export const orderIn = ({ order, openedAt }: Delivery): string => (order === '' ? openedAt : order);

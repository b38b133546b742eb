import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { isDryRun } from '../../lib/core/sync/choose-delivery.ts';
import type { SyncState } from '../../lib/core/sync/states.ts';
import type { Delivery } from '../../lib/core/sync/sync.ts';
import { syncIdOf } from '../../lib/core/sync/sync-id.ts';

const NOT_TAKEN: readonly (SyncState | undefined)[] = ['held', 'rejected', 'incomplete', 'failed', 'undone'];

/**
 * Deltas of a district that must wait (R15): something older was not taken, or waits itself, and no bulk delivery of its
 * files came since. What was held and gave way to a newer delivery was not taken either.
 */
export function blockedDeltas(store: MemoryStore, districtId: string): ReadonlySet<string> {
  const all = [...store.deliveries.of(districtId).values()]
    .filter((delivery) => !isDryRun(delivery) && delivery.state !== 'receiving')
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  if (!all.some(({ state, hasDelta }) => state === 'received' && hasDelta)) return new Set();
  const blocked = new Set<string>();
  // A sync that is written counts, also while its delivery was not yet taken off the queue.
  const syncOf = ({ deliveryId, syncId }: Delivery) => store.syncs.of(districtId).get(syncId ?? syncIdOf(deliveryId));
  const stateOf = (each: Delivery) => syncOf(each)?.state;
  const gaveWay = (each: Delivery) => stateOf(each) === 'superseded' && (syncOf(each)?.holds.length ?? 0) > 0;
  const filesOf = ({ bulkFiles, deltaFiles }: Delivery) => [...bulkFiles, ...deltaFiles];
  const taken = all.filter((each) => ['applied', 'unchanged'].includes(stateOf(each) ?? ''));
  /** A delta that a bulk delivery of other files passed by: its changes are missing. */
  const isPassedBy = (each: Delivery) =>
    each.hasDelta &&
    (each.state === 'superseded' ||
      stateOf(each) === 'superseded' ||
      (each.state === 'received' && each.order <= last && (stateOf(each) ?? 'planning') === 'planning'));
  const last = store.states.get(districtId)?.lastApplied?.order ?? '';
  for (const delta of all) {
    if (delta.state !== 'received' || !delta.hasDelta || delta.order <= last) continue;
    const gap = all.some((older) => {
      if (older.order >= delta.order) return false;
      const lost =
        older.state === 'incomplete' || NOT_TAKEN.includes(stateOf(older)) || isPassedBy(older) || gaveWay(older);
      if (!lost) return older.state === 'received' && blocked.has(older.deliveryId);
      const files = filesOf(older).length > 0 ? filesOf(older) : delta.deltaFiles;
      return !taken.some(
        (newer) =>
          newer.order > older.order && !newer.hasDelta && files.every((file) => newer.bulkFiles.includes(file)),
      );
    });
    if (gap) blocked.add(delta.deliveryId);
  }
  return blocked;
}

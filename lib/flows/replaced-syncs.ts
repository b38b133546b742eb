import type { DistrictState } from '../core/sync/sync.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease, SyncLog } from '../ports/ledger.ts';

/**
 * Ends the held syncs that a newer delivery took the place of (R11). Which they are was written together with the newer
 * one's end, so that a crash in between neither loses a held plan nor leaves two. Returns the state that is left.
 */
export async function endReplaced(
  ports: { readonly log: SyncLog; readonly clock: Clock },
  lease: Lease,
): Promise<DistrictState | 'stale'> {
  const { districtId } = lease;
  let state = await ports.log.state(districtId);
  for (const syncId of state.replacedSyncIds) {
    const next = { ...state, replacedSyncIds: state.replacedSyncIds.filter((each) => each !== syncId) };
    const held = await ports.log.get(districtId, syncId);
    // Written with the state in one step: a sync that is no longer held was never named here.
    if (held?.state !== 'held') continue;
    const ended = { ...held, state: 'superseded', endedAt: ports.clock.now().toISOString() } as const;
    if (!(await ports.log.save(lease, ended, 'held', next))) return 'stale';
    state = next;
  }
  return state;
}

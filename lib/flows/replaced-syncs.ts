import { isTooLateFor, takesPlaceOf } from '../core/sync/choose-delivery.ts';
import type { Delivery, DistrictState } from '../core/sync/sync.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryLedger, Lease, SyncLog } from '../ports/ledger.ts';

/**
 * The state in which a delivery that has just come to held, unchanged or applying has taken the place of older held ones
 * (R11): they are named as replaced, to be written in one step with its own new state. `endReplaced` ends them after it.
 *
 * @param state what the district's state will be because of that delivery.
 */
export async function withReplaced(
  { log, ledger }: { readonly log: SyncLog; readonly ledger: Pick<DeliveryLedger, 'get'> },
  state: DistrictState,
  delivery: Delivery,
): Promise<DistrictState> {
  const { districtId, deliveryId } = delivery;
  const replaced: string[] = [];
  for (const syncId of state.heldSyncIds) {
    const held = await log.get(districtId, syncId);
    if (held === null || held.origin !== 'delivery' || held.deliveryId === deliveryId) continue;
    const older = await ledger.get(districtId, held.deliveryId);
    if (older && takesPlaceOf(delivery, older, isTooLateFor(held, older, state))) replaced.push(syncId);
  }
  if (replaced.length === 0) return state;
  const heldSyncIds = state.heldSyncIds.filter((each) => !replaced.includes(each));
  return { ...state, heldSyncIds, replacedSyncIds: [...state.replacedSyncIds, ...replaced] };
}

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

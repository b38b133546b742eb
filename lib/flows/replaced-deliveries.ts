import { isTooLateFor, takesPlaceOf } from '../core/sync/choose-delivery.ts';
import type { Delivery, DistrictState, Sync } from '../core/sync/sync.ts';
import { syncIdOf } from '../core/sync/sync-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryLedger, Lease, SyncLog } from '../ports/ledger.ts';

/**
 * The state in which a delivery that has just come to held, unchanged or applying has taken the place of older ones: of held
 * ones (R11), and of waiting ones that it runs instead of (R15). They are named as replaced, to be written in one step with
 * its own new state. `endReplaced` ends them after it: before that nobody knows whether it takes any place, for it may be
 * planned again, and come out otherwise (a failed upload is reported, a setting changes).
 *
 * @param state what the district's state will be because of that delivery.
 * @param waiting those that it runs instead of.
 */
export async function withReplaced(
  { log, ledger }: { readonly log: SyncLog; readonly ledger: Pick<DeliveryLedger, 'get'> },
  state: DistrictState,
  delivery: Delivery,
  waiting: readonly Delivery[] = [],
): Promise<DistrictState> {
  const { districtId, deliveryId } = delivery;
  const replaced: string[] = [];
  for (const syncId of state.heldSyncIds) {
    const held = await log.get(districtId, syncId);
    if (held === null || held.origin !== 'delivery' || held.deliveryId === deliveryId) continue;
    const older = await ledger.get(districtId, held.deliveryId);
    if (older && takesPlaceOf(delivery, older, isTooLateFor(held, older, state))) replaced.push(syncId);
  }
  if (replaced.length === 0 && waiting.length === 0) return state;
  const heldSyncIds = state.heldSyncIds.filter((each) => !replaced.includes(each));
  return {
    ...state,
    heldSyncIds,
    replacedSyncIds: [...state.replacedSyncIds, ...replaced],
    replacedDeliveryIds: [...state.replacedDeliveryIds, ...waiting.map((each) => each.deliveryId)],
  };
}

/** Puts a delivery aside, with the sync that a worker began to plan and did not end. */
export async function supersede(ports: ReplacingPorts, lease: Lease, delivery: Delivery): Promise<boolean> {
  const begun = await ports.log.get(lease.districtId, syncIdOf(delivery.deliveryId));
  // An earlier worker may have come so far, and no further.
  if (begun?.state === 'planning') {
    const ended: Sync = { ...begun, state: 'superseded', endedAt: ports.clock.now().toISOString() };
    if (!(await ports.log.save(lease, ended, 'planning'))) return false;
  }
  return ports.ledger.settle(lease, delivery, 'superseded', begun?.syncId ?? null);
}

/** What ending works with. */
interface ReplacingPorts {
  readonly log: SyncLog;
  readonly ledger: Pick<DeliveryLedger, 'get' | 'settle'>;
  readonly clock: Clock;
}

/**
 * Ends the held syncs and the waiting deliveries that a newer delivery took the place of (R11, R15). Which they are was written
 * together with the newer one's end, so that a crash in between neither loses a held plan nor leaves two, and no export is put
 * aside for one that did not take its place. Returns the state that is left.
 */
export async function endReplaced(ports: ReplacingPorts, lease: Lease): Promise<DistrictState | 'stale'> {
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
  if (state.replacedDeliveryIds.length === 0) return state;
  for (const deliveryId of state.replacedDeliveryIds) {
    const delivery = await ports.ledger.get(districtId, deliveryId);
    if (delivery?.state === 'received' && !(await supersede(ports, lease, delivery))) return 'stale';
  }
  // Not written here: a write of the state alone that arrives a second time would take back what came after it. The next end
  // of a plan writes it; until then the names do nothing, for what was put aside never waits again.
  return { ...state, replacedDeliveryIds: [] };
}

import type { PlanMessage } from '../contracts/messages.ts';
import { blockersOf, type Outcome } from '../core/sync/blocked-deltas.ts';
import { type Choice, chooseDelivery, isTooOld } from '../core/sync/choose-delivery.ts';
import type { Delivery, DistrictState, Sync } from '../core/sync/sync.ts';
import { syncIdOf } from '../core/sync/sync-id.ts';
import type { Lease } from '../ports/ledger.ts';
import { outcomesOf } from './delivery-outcomes.ts';
import { DeliveryPlanning } from './delivery-planning.ts';
import { LeaseLost } from './lease-keeper.ts';
import type { PlanPorts } from './plan-ports.ts';
import { endReplaced, supersede } from './replaced-deliveries.ts';
import { MAX_ATTEMPTS, startNext } from './start-next.ts';
import { tellUntold } from './tell-untold.ts';

/** What a plan message led to. */
export type PlanOutcome =
  | 'unknown-district'
  /** The district is suspended: its deliveries wait (R14). */
  | 'suspended'
  | 'busy'
  | 'apply-first'
  | 'nothing-waits'
  /** Only deltas wait, and what they build on was not taken (R15). */
  | 'blocked'
  | 'stale'
  | Sync['state'];

/**
 * Plans the delivery of a district whose turn it is (design §4, R15). One worker at a time under the lease; its number
 * is on every fence row before the table is read. Where a plan is to be applied, the lease is handed to that apply.
 */
export async function planNext(
  ports: PlanPorts,
  message: PlanMessage,
  worker: string,
  lastTry = false,
): Promise<PlanOutcome> {
  const { districtId } = message;
  const district = await ports.districts.get(districtId);
  if (district === null) return 'unknown-district';
  if (district.settings.suspended) return 'suspended';
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds);
  if (lease === null) {
    const again = { ...message, attempt: message.attempt + 1 };
    if (again.attempt < MAX_ATTEMPTS) await ports.queues.sendPlan(again, ports.leaseSeconds);
    return 'busy';
  }
  let outcome: PlanOutcome;
  try {
    outcome = await planUnderLease(ports, lease, lastTry);
  } catch (thrown) {
    await ports.leases.release(lease);
    if (thrown instanceof LeaseLost) return 'stale';
    throw thrown;
  }
  if (outcome === 'applying') return outcome;
  await ports.leases.release(lease);
  // Asked again, these would be the same again.
  if (!LEADS_NOWHERE.has(outcome)) await startNext(ports, districtId);
  await tellUntold(ports, districtId);
  return outcome;
}

const LEADS_NOWHERE: ReadonlySet<PlanOutcome> = new Set(['stale', 'blocked', 'suspended', 'unknown-district'] as const);

async function planUnderLease(ports: PlanPorts, lease: Lease, lastTry: boolean): Promise<PlanOutcome> {
  const { districtId } = lease;
  // Again, because a district leaves under the lease (R22).
  const settings = (await ports.districts.get(districtId))?.settings;
  if (settings === undefined) return 'unknown-district';
  if (settings.suspended) return 'suspended';
  const state = await endReplaced(ports, lease);
  if (state === 'stale') return 'stale';
  if (state.applyingSyncId !== null) return 'apply-first';
  const choice = await nextDelivery(ports, lease, state);
  if (choice === 'stale') return 'stale';
  if (choice.next === null) return choice.blocked.length > 0 ? 'blocked' : 'nothing-waits';
  if (!(await ports.roster.raiseFences(districtId, lease.number))) return 'stale';
  return new DeliveryPlanning(ports, settings, lease, state, choice.next, choice.replaced).run(lastTry);
}

/** The delivery whose turn it is; those that never get one are put aside. */
async function nextDelivery(ports: PlanPorts, lease: Lease, state: DistrictState): Promise<Choice | 'stale'> {
  const { districtId } = lease;
  const unplanned: Delivery[] = [];
  for (const delivery of await ports.ledger.waiting(districtId)) {
    const sync = await ports.log.get(districtId, syncIdOf(delivery.deliveryId));
    if (sync === null || sync.state === 'planning') unplanned.push(delivery);
    else {
      // Decided by a worker that ended before it took the delivery off the queue.
      // One that was held had a plan that people saw: as `planned` it stays a gap where no other brings its files.
      const decided = sync.state === 'superseded' && sync.holds.length === 0 ? 'superseded' : 'planned';
      if (!(await ports.ledger.settle(lease, delivery, decided, sync.syncId))) return 'stale';
    }
  }
  const deltas = unplanned.some(({ hasDelta }) => hasDelta);
  const lastOrder = state.lastApplied?.order ?? null;
  const passedBy = unplanned.filter((delivery) => isTooOld(delivery, lastOrder));
  const outcomes: Outcome[] = passedBy.map((delivery) => ({ delivery, state: 'superseded' }));
  if (deltas) outcomes.push(...(await outcomesOf(ports, districtId, unplanned.length)));
  const isBlocked = (delta: Delivery) => blockersOf(delta, outcomes).length > 0;
  const choice = chooseDelivery(unplanned, lastOrder, isBlocked);
  for (const old of choice.superseded) if (!(await supersede(ports, lease, old))) return 'stale';
  return choice;
}

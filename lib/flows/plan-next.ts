import type { PlanMessage } from '../contracts/messages.ts';
import { planPrefix, planSummaryKey } from '../contracts/object-keys.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import { planDelivery } from '../core/plan/plan-delivery.ts';
import type { PlanResult } from '../core/plan/plan-input.ts';
import { type Choice, chooseDelivery } from '../core/sync/choose-delivery.ts';
import { decideSync } from '../core/sync/decide-sync.ts';
import type { Delivery, DistrictState, Sync } from '../core/sync/sync.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { DeliveryReader } from '../ports/delivery-reader.ts';
import type { Districts } from '../ports/districts.ts';
import type { DeliveryLedger, Lease, Leases, SyncLog } from '../ports/ledger.ts';
import type { Archive } from '../ports/objects.ts';
import type { PlanStore } from '../ports/plan-store.ts';
import type { Queues } from '../ports/queues.ts';
import type { RosterTable } from '../ports/roster-table.ts';
import { codeOf, isHopeless } from './hopeless.ts';
import { LeaseKeeper, LeaseLost } from './lease-keeper.ts';
import { MAX_ATTEMPTS, startNext } from './start-next.ts';

export interface PlanPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly districts: Districts;
  readonly leases: Leases;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly roster: RosterTable;
  readonly reader: DeliveryReader;
  readonly plans: PlanStore;
  readonly archive: Archive;
  readonly queues: Queues;
  /** How long a lease lasts without a sign of life, seconds. */
  readonly leaseSeconds: number;
}

/** What a plan message led to. */
export type PlanOutcome = 'unknown-district' | 'busy' | 'apply-first' | 'nothing-waits' | 'stale' | Sync['state'];

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
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds);
  if (lease === null) {
    const again = { ...message, attempt: message.attempt + 1 };
    if (again.attempt < MAX_ATTEMPTS) await ports.queues.sendPlan(again, ports.leaseSeconds);
    return 'busy';
  }
  let outcome: PlanOutcome;
  try {
    outcome = await planUnderLease(ports, district.settings, lease, lastTry);
  } catch (thrown) {
    await ports.leases.release(lease);
    if (thrown instanceof LeaseLost) return 'stale';
    throw thrown;
  }
  if (outcome === 'applying') return outcome;
  await ports.leases.release(lease);
  if (outcome !== 'stale') await startNext(ports, districtId);
  return outcome;
}

async function planUnderLease(
  ports: PlanPorts,
  settings: DistrictSettings,
  lease: Lease,
  lastTry: boolean,
): Promise<PlanOutcome> {
  const { districtId } = settings;
  const state = await ports.log.state(districtId);
  if (state.applyingSyncId !== null) return 'apply-first';
  const choice = await nextDelivery(ports, lease, state);
  if (choice === 'stale') return 'stale';
  if (choice.next === null) return 'nothing-waits';
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
      const decided = sync.state === 'superseded' ? 'superseded' : 'planned';
      if (!(await ports.ledger.settle(lease, delivery, decided, sync.syncId))) return 'stale';
    }
  }
  const choice = chooseDelivery(unplanned, state.lastApplied?.order ?? null);
  for (const old of choice.superseded) if (!(await supersede(ports, lease, old))) return 'stale';
  return choice;
}

/** Puts a delivery aside, with the sync that a worker began to plan and did not end. */
async function supersede(ports: PlanPorts, lease: Lease, delivery: Delivery): Promise<boolean> {
  const begun = await ports.log.get(lease.districtId, syncIdOf(delivery.deliveryId));
  if (begun !== null) {
    const ended: Sync = { ...begun, state: 'superseded', endedAt: ports.clock.now().toISOString() };
    if (!(await ports.log.save(lease, ended, 'planning'))) return false;
  }
  return ports.ledger.settle(lease, delivery, 'superseded', begun?.syncId ?? null);
}

/** A delivery becomes one sync, however often its planning starts again. */
export const syncIdOf = (deliveryId: string): string => `s${deliveryId.slice(1)}`;

/** One attempt at the plan of one delivery. */
class DeliveryPlanning {
  readonly #ports: PlanPorts;
  readonly #settings: DistrictSettings;
  readonly #lease: Lease;
  readonly #state: DistrictState;
  readonly #delivery: Delivery;
  readonly #replaced: readonly Delivery[];
  readonly #keeper: LeaseKeeper;

  /** `replaced`: older deliveries that this one runs instead of, if it is good. */
  constructor(
    ports: PlanPorts,
    settings: DistrictSettings,
    lease: Lease,
    state: DistrictState,
    delivery: Delivery,
    replaced: readonly Delivery[],
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#lease = lease;
    this.#state = state;
    this.#delivery = delivery;
    this.#replaced = replaced;
    this.#keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
  }

  /** Plans it. What cannot be planned at all ends as `failed`, so that the next delivery gets its turn. */
  async run(lastTry: boolean): Promise<PlanOutcome> {
    const { districtId, deliveryId } = this.#delivery;
    const syncId = syncIdOf(deliveryId);
    const existing = await this.#ports.log.get(districtId, syncId);
    const planning: Sync = { ...EMPTY_SYNC, ...this.#identity(syncId, existing), state: 'planning' };
    if (!(await this.#ports.log.save(this.#lease, planning, existing === null ? null : 'planning'))) return 'stale';
    try {
      return await this.#planAndEnd(planning);
    } catch (thrown) {
      if (!isHopeless(thrown, lastTry)) throw thrown;
      const endedAt = this.#ports.clock.now().toISOString();
      return this.#end({ ...planning, state: 'failed', endedAt, failureCode: codeOf(thrown) });
    }
  }

  async #planAndEnd(planning: Sync): Promise<PlanOutcome> {
    const { districtId, deliveryId, syncId, attempt } = planning;
    const prefix = planPrefix({ districtId, syncId, attempt });
    const result = await this.#plan(prefix);
    const { state, holds } = decideSync(result, this.#delivery, this.#settings, this.#state);
    const summary = { syncId, deliveryId, state, holds, ...result };
    await this.#ports.archive.writeText(planSummaryKey(prefix), JSON.stringify(summary));
    // Before the end is written: after it nobody would know that they were to go (a held plan may wait for days).
    for (const old of result.verdict === 'accepted' ? this.#replaced : []) {
      if (!(await supersede(this.#ports, this.#lease, old))) return 'stale';
    }
    return this.#end({ ...planning, state, holds, ...this.#counted(result, state) });
  }

  /** Runs the engine on the frozen files and the table, and keeps the plan if there is anything to apply. */
  async #plan(prefix: string): Promise<PlanResult> {
    const { ports, districtId } = { ports: this.#ports, districtId: this.#delivery.districtId };
    const files = await ports.ledger.files(districtId, this.#delivery.deliveryId);
    const upload = await ports.reader.open(this.#delivery, files, this.#settings.maxRowBytes);
    const writer = ports.plans.writer(prefix);
    try {
      const result = await planDelivery({
        upload,
        readTable: (kind) => this.#beating(ports.roster.readSynced(districtId, kind)),
        tableIsKnown: true,
        readManualUsers: () => ports.roster.readManualUsers(districtId),
        storeDemographics: this.#settings.storeDemographics,
        lastUnreadableRows: this.#state.lastApplied?.profile.unreadableRows ?? {},
        newProductId: () => ports.ids.productId(),
        write: async (section, changes) => {
          await this.#keeper.beat();
          await writer.write(section, changes);
        },
      });
      await (result.verdict === 'accepted' ? writer.end() : writer.abandon());
      return result;
    } catch (thrown) {
      await writer.abandon();
      throw thrown;
    } finally {
      await upload.close();
    }
  }

  async *#beating<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const batch of batches) {
      await this.#keeper.beat();
      yield batch;
    }
  }

  /** Writes what the plan led to; an apply gets the lease. */
  async #end(sync: Sync): Promise<PlanOutcome> {
    const { ports, state, delivery } = { ports: this.#ports, state: this.#state, delivery: this.#delivery };
    const applying = sync.state === 'applying';
    const lastApplied =
      sync.state === 'unchanged'
        ? { ...identityOf(sync, delivery), profile: sync.profile!, appliedAt: sync.endedAt! }
        : state.lastApplied;
    const next: DistrictState = { ...state, lastApplied, applyingSyncId: applying ? sync.syncId : null };
    if (!(await ports.log.save(this.#lease, sync, 'planning', next))) return 'stale';
    if (!(await ports.ledger.settle(this.#lease, delivery, 'planned', sync.syncId))) return 'stale';
    if (applying) {
      await ports.leases.handOver(this.#lease, handedTo(sync.syncId), ports.leaseSeconds);
      const { districtId, syncId } = sync;
      await ports.queues.sendApply({ type: 'apply', districtId, syncId, hop: 0, attempt: 0 }, 0);
    }
    return sync.state;
  }

  #identity(syncId: string, existing: Sync | null) {
    const createdAt = existing?.createdAt ?? this.#ports.clock.now().toISOString();
    const { districtId, deliveryId } = this.#delivery;
    return { districtId, syncId, deliveryId, createdAt, attempt: this.#lease.number };
  }

  #counted(result: PlanResult, state: Sync['state']) {
    const { changes, findingCounts } = result;
    // A file that this delivery lacks, or has as a delta, says nothing about stray rows: its last count stands (R5).
    const earlier = this.#state.lastApplied?.profile.unreadableRows ?? {};
    const profile = { ...result.profile, unreadableRows: { ...earlier, ...result.profile.unreadableRows } };
    const endedAt = state === 'applying' || state === 'held' ? null : this.#ports.clock.now().toISOString();
    return { changes, findingCounts, profile, endedAt };
  }
}

/** The name under which a lease waits for the worker of an apply. */
export const handedTo = (syncId: string): string => `sync:${syncId}`;

const identityOf = ({ syncId, deliveryId }: Sync, { order }: Delivery) => ({ syncId, deliveryId, order });

const EMPTY_SYNC = {
  endedAt: null,
  changes: {},
  findingCounts: { error: 0, warning: 0, info: 0, byCode: {} },
  holds: [],
  profile: null,
  cursor: { section: 0, offset: 0 },
  recordsWritten: 0,
  failureCode: null,
} as const;

import { expendableOf, inOrderOfRemoval } from '../../core/sync/expendable.ts';
import { ENDED_STATES } from '../../core/sync/states.ts';
import type { Delivery, DistrictState, Sync } from '../../core/sync/sync.ts';
import type { ExpiredHistory } from '../../ports/expired-history.ts';
import type { DeliveryLedger, Lease, SyncLog } from '../../ports/ledger.ts';
import type { TimeLeft } from '../apply-ports.ts';
import { outcomesOf } from '../delivery-outcomes.ts';
import { PURGE_RESERVE } from '../offboard/offboard-ports.ts';

/** What the retention of deliveries and syncs works with. */
export interface HistoryPorts {
  readonly ledger: Pick<DeliveryLedger, 'get' | 'list' | 'files' | 'waiting'>;
  readonly log: Pick<SyncLog, 'get'>;
  readonly history: ExpiredHistory;
}

/** The night's work in a district, under its lease, with its running state as it is. */
export interface HistoryNight {
  readonly lease: Lease;
  readonly state: DistrictState;
  /** ISO 8601: what ended then or before is due. */
  readonly cutoff: string;
  readonly timeLeft: TimeLeft;
  /** Keeps the lease. */
  readonly beat: () => Promise<void>;
}

/** What it came to; `stale`: a newer holder works on this district. */
export interface HistoryOutcome {
  readonly outcome: 'done' | 'continued' | 'stale';
  readonly deleted: number;
}

/**
 * Deletes deliveries, the rows of their files and syncs that ended before the cut-off (R22). What something may still look
 * at stays, however old: the last applied delivery, what waits or is held, what an undo that waits would take back, what the
 * outside was not told of, and what decides whether a delta may run (R15).
 */
export async function purgeHistory(ports: HistoryPorts, night: HistoryNight): Promise<HistoryOutcome> {
  const purge = new HistoryPurge(ports, night);
  const outcome = await purge.run();
  return { outcome, deleted: purge.deleted };
}

class HistoryPurge {
  deleted = 0;
  readonly #ports: HistoryPorts;
  readonly #night: HistoryNight;

  constructor(ports: HistoryPorts, night: HistoryNight) {
    this.#ports = ports;
    this.#night = night;
  }

  async run(): Promise<HistoryOutcome['outcome']> {
    const needed = await this.#needed();
    const deliveries = await this.#deliveries(needed);
    return deliveries === 'done' ? this.#syncs(needed) : deliveries;
  }

  /** Ids of what the running state leads to. */
  async #needed(): Promise<ReadonlySet<string>> {
    const { state, lease } = this.#night;
    const { lastApplied, heldSyncIds, replacedSyncIds } = state;
    const needed = new Set([...heldSyncIds, ...replacedSyncIds]);
    if (lastApplied !== null) needed.add(lastApplied.syncId).add(lastApplied.deliveryId);
    for (const syncId of [...heldSyncIds, ...replacedSyncIds]) {
      const sync = await this.#ports.log.get(lease.districtId, syncId);
      if (sync === null) continue;
      needed.add(sync.deliveryId);
      if (sync.undo !== null) needed.add(sync.undo.syncId);
    }
    return needed;
  }

  async #deliveries(needed: ReadonlySet<string>): Promise<HistoryOutcome['outcome']> {
    const { lease, cutoff } = this.#night;
    const { districtId } = lease;
    let looked: Awaited<ReturnType<typeof outcomesOf>> | null = null;
    for await (const batch of this.#ports.history.deliveries(districtId, cutoff)) {
      const due = await this.#due(batch, needed);
      looked ??= await outcomesOf(this.#ports, districtId, (await this.#ports.ledger.waiting(districtId)).length);
      const going = inOrderOfRemoval(expendableOf([...due.keys()], looked), looked);
      looked = looked.filter(({ delivery }) => !going.some((each) => each.deliveryId === delivery.deliveryId));
      for (const delivery of going) {
        if (!(await this.#ports.history.removeDelivery(lease, delivery, due.get(delivery) ?? null))) return 'stale';
        this.deleted += 1;
        await this.#night.beat();
        if (this.#night.timeLeft() < PURGE_RESERVE) return 'continued';
      }
    }
    return 'done';
  }

  /** Deliveries that have ended, and so have their syncs, each with its sync. */
  async #due(batch: readonly Delivery[], needed: ReadonlySet<string>): Promise<Map<Delivery, Sync | null>> {
    const due = new Map<Delivery, Sync | null>();
    for (const delivery of batch) {
      const { deliveryId, state, syncId, districtId } = delivery;
      if (needed.has(deliveryId) || state === 'receiving' || state === 'received') continue;
      const sync = syncId === null ? null : await this.#ports.log.get(districtId, syncId);
      if (sync === null || this.#isOver(sync, needed)) due.set(delivery, sync);
    }
    return due;
  }

  /** Syncs that have no delivery of their own: undo and re-key, and those that a crash has left. */
  async #syncs(needed: ReadonlySet<string>): Promise<HistoryOutcome['outcome']> {
    const { lease, cutoff } = this.#night;
    const { districtId } = lease;
    for await (const batch of this.#ports.history.syncs(districtId, cutoff)) {
      for (const sync of batch.filter((each) => this.#isOver(each, needed))) {
        const isDeliverys = sync.origin === 'delivery';
        if (isDeliverys && (await this.#ports.ledger.get(districtId, sync.deliveryId)) !== null) continue;
        if (!(await this.#ports.history.removeSync(lease, sync))) return 'stale';
        this.deleted += 1;
        await this.#night.beat();
        if (this.#night.timeLeft() < PURGE_RESERVE) return 'continued';
      }
    }
    return 'done';
  }

  #isOver({ syncId, state, endedAt, createdAt, untold }: Sync, needed: ReadonlySet<string>): boolean {
    const hasEnded = ENDED_STATES.includes(state) && untold.length === 0;
    return hasEnded && !needed.has(syncId) && (endedAt ?? createdAt) <= this.#night.cutoff;
  }
}

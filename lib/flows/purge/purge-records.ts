import type { RetentionMessage } from '../../contracts/messages.ts';
import { RECORD_KINDS, type RecordKind } from '../../core/oneroster/kinds.ts';
import type { DistrictState } from '../../core/sync/sync.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Districts } from '../../ports/districts.ts';
import type { ExpiredRecord, ExpiredRecords } from '../../ports/expired-records.ts';
import type { Lease, Leases, SyncLog } from '../../ports/ledger.ts';
import type { PurgeQueue } from '../../ports/queues.ts';
import type { RosterTable } from '../../ports/roster-table.ts';
import type { TimeLeft } from '../apply-ports.ts';
import { LeaseKeeper, LeaseLost } from '../lease-keeper.ts';
import { PURGE_RESERVE } from '../offboard/offboard-ports.ts';
import { type HistoryOutcome, type HistoryPorts, purgeHistory } from './purge-history.ts';

/** What the retention of records works with. */
export interface RetentionPorts extends HistoryPorts {
  readonly clock: Clock;
  readonly districts: Pick<Districts, 'get'>;
  readonly leases: Leases;
  readonly roster: Pick<RosterTable, 'raiseFences'>;
  readonly log: Pick<SyncLog, 'state' | 'saveState' | 'get'>;
  readonly expired: ExpiredRecords;
  readonly purges: PurgeQueue;
  readonly leaseSeconds: number;
  /** Days that an inactive record is kept (R22). */
  readonly recordDays: number;
  /** Days that deliveries and syncs are kept (R22). */
  readonly historyDays: number;
}

/** What a night's look at a district came to. */
export interface Retention {
  readonly outcome:
    | 'unknown-district'
    /** Others work on it; it is asked again, or tomorrow. */
    | 'busy'
    /** An apply that began is finished first (R15). */
    | 'apply-first'
    | 'stale'
    | 'continued'
    | 'done';
  /** Records. */
  readonly deleted: number;
  /** Deliveries and syncs. */
  readonly history: number;
}

const NOTHING = { deleted: 0, history: 0 };

const DAY = 86_400_000;

/** While a held plan waits, which was made with these records, they wait as well; so many days at most. */
const HELD_DAYS = 7;

/** A busy district is asked again so often, each time after a lease's length; then the next night comes. */
const MAX_ATTEMPTS = 30;

/** Continuations of one night: at four minutes of work each, the night is over. */
const MAX_HOPS = 100;

/** The lane that deletions write on: one is enough, they are few. */
const LANE = 0;

/**
 * Deletes synced records that have been inactive for longer than the retention time (R22), under lease and fence like a
 * sync (R15): a proof never counts records that go meanwhile. Manual records stay (R2), and so does an old record of a
 * re-key while the record that it leads to is there (R12, R20).
 */
export async function purgeRecords(
  ports: RetentionPorts,
  message: RetentionMessage,
  worker: string,
  timeLeft: TimeLeft,
): Promise<Retention> {
  const { districtId } = message;
  if ((await ports.districts.get(districtId)) === null) return { outcome: 'unknown-district', ...NOTHING };
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds);
  if (lease === null) {
    const attempt = message.attempt + 1;
    if (attempt < MAX_ATTEMPTS) await ports.purges.sendPurge({ ...message, attempt }, ports.leaseSeconds);
    return { outcome: 'busy', ...NOTHING };
  }
  const purge = new RecordPurge(ports, lease, timeLeft);
  try {
    const outcome = await purge.run();
    // The lease is free before the next worker asks for it.
    await ports.leases.release(lease);
    if (outcome === 'continued' && message.hop < MAX_HOPS)
      await ports.purges.sendPurge({ ...message, hop: message.hop + 1, attempt: 0 }, 0);
    return { outcome, deleted: purge.deleted, history: purge.history };
  } catch (thrown) {
    await ports.leases.release(lease);
    if (thrown instanceof LeaseLost) return { outcome: 'stale', deleted: purge.deleted, history: purge.history };
    throw thrown;
  }
}

/** One worker's part of a night. */
class RecordPurge {
  deleted = 0;
  history = 0;
  readonly #ports: RetentionPorts;
  readonly #lease: Lease;
  readonly #timeLeft: TimeLeft;
  readonly #keeper: LeaseKeeper;
  #isToldToPlans = false;

  constructor(ports: RetentionPorts, lease: Lease, timeLeft: TimeLeft) {
    this.#ports = ports;
    this.#lease = lease;
    this.#timeLeft = timeLeft;
    this.#keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
  }

  async run(): Promise<'apply-first' | 'stale' | 'continued' | 'done' | 'unknown-district'> {
    const { districtId, number } = this.#lease;
    // Looked for again, because a district leaves under the lease.
    if ((await this.#ports.districts.get(districtId)) === null) return 'unknown-district';
    const state = await this.#ports.log.state(districtId);
    if (state.applyingSyncId !== null) return 'apply-first';
    if (!(await this.#ports.roster.raiseFences(districtId, number))) return 'stale';
    const cutoff = this.#cutoff(state);
    // Who refers to others goes first.
    for (const kind of RECORD_KINDS.toReversed()) {
      for await (const batch of this.#ports.expired.find(districtId, kind, cutoff)) {
        const outcome = await this.#remove(kind, batch, cutoff, state);
        if (outcome === 'stale') return 'stale';
        await this.#keeper.beat();
        if (this.#timeLeft() < PURGE_RESERVE) return 'continued';
      }
      await this.#keeper.beat();
    }
    return this.#purgeHistory(await this.#ports.log.state(districtId));
  }

  /** Last: whatever a record's history is, the record itself matters more. */
  async #purgeHistory(state: DistrictState): Promise<HistoryOutcome['outcome']> {
    const cutoff = new Date(this.#ports.clock.now().getTime() - this.#ports.historyDays * DAY).toISOString();
    const night = { lease: this.#lease, state, cutoff, timeLeft: this.#timeLeft, beat: () => this.#keeper.beat() };
    const { outcome, deleted } = await purgeHistory(this.#ports, night);
    this.history += deleted;
    return outcome;
  }

  #cutoff({ heldSyncIds }: DistrictState): string {
    const days = this.#ports.recordDays + (heldSyncIds.length > 0 ? HELD_DAYS : 0);
    return new Date(this.#ports.clock.now().getTime() - days * DAY).toISOString();
  }

  async #remove(
    kind: RecordKind,
    batch: readonly ExpiredRecord[],
    cutoff: string,
    state: DistrictState,
  ): Promise<'removed' | 'stale'> {
    const { districtId, number } = this.#lease;
    const records = await this.#withoutFollowed(kind, batch);
    if (records.length === 0) return 'removed';
    // Before the first deletion: plans that wait were made with these records, and must not be approved (R13).
    if (!this.#isToldToPlans) {
      const next = { ...state, revision: state.revision + 1 };
      if (!(await this.#ports.log.saveState(this.#lease, next))) return 'stale';
      this.#isToldToPlans = true;
    }
    if (kind === 'user')
      await this.#ports.expired.forgetAnchors(districtId, new Set(records.map(({ sourcedId }) => sourcedId)));
    const fence = { lane: LANE, number };
    const removed = await this.#ports.expired.remove(districtId, fence, kind, records, cutoff);
    if (removed === 'fenced') return 'stale';
    this.deleted += removed;
    return 'removed';
  }

  /** ClassLink may send an old id for as long as the person is there: launches follow it (R20). */
  async #withoutFollowed(kind: RecordKind, batch: readonly ExpiredRecord[]): Promise<readonly ExpiredRecord[]> {
    const targets = batch.flatMap(({ movedTo }) => movedTo ?? []);
    if (targets.length === 0) return batch;
    const present = await this.#ports.expired.present(this.#lease.districtId, kind, [...new Set(targets)]);
    return batch.filter(({ movedTo }) => movedTo === null || !present.has(movedTo));
  }
}

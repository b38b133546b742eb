import type { ApplyMessage } from '../contracts/messages.ts';
import { planPrefix } from '../contracts/object-keys.ts';
import { CHANGE_PLACES } from '../contracts/table-definition.ts';
import { WRITE_LANES } from '../contracts/table-keys.ts';
import type { Change } from '../core/plan/change.ts';
import { PLAN_SECTIONS } from '../core/plan/sections.ts';
import type { ApplyCursor, DistrictState, Sync } from '../core/sync/sync.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryLedger, Lease, Leases, SyncLog } from '../ports/ledger.ts';
import type { PlanStore } from '../ports/plan-store.ts';
import type { Queues } from '../ports/queues.ts';
import type { RosterTable } from '../ports/roster-table.ts';
import { codeOf, isHopeless } from './hopeless.ts';
import { LeaseKeeper, LeaseLost } from './lease-keeper.ts';
import { handedTo } from './plan-next.ts';
import { SliceWriter } from './slice-writer.ts';
import { MAX_ATTEMPTS, startNext } from './start-next.ts';

export interface ApplyPorts {
  readonly clock: Clock;
  readonly leases: Leases;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly roster: RosterTable;
  readonly plans: PlanStore;
  readonly queues: Queues;
  readonly leaseSeconds: number;
}

/** How much of the function's time is left, milliseconds. */
export type TimeLeft = () => number;

export type ApplyOutcome =
  | 'unknown-sync'
  /** Not in `applying`: another worker finished it. */
  | 'already-done'
  | 'busy'
  /** A newer holder works on this district. */
  | 'stale'
  /** Time is up: the rest was sent to the queue. */
  | 'continued'
  /** It cannot succeed: ended, reported, and out of the way. */
  | 'failed'
  | 'applied';

/** The apply stops and sends itself the rest when less than this is left, milliseconds. */
const RESERVE = 60_000;

/** The cursor is saved at least this often, milliseconds: what a crash costs in repeated writes. */
const CHECKPOINT = 5_000;

/** Continuations of one apply. At four minutes of work each that is 13 hours: more is a loop, not a district. */
const MAX_HOPS = 200;

/**
 * Applies a plan, or goes on where the last worker stopped (design §4, R15): sections in order, slices of a section side
 * by side on the write lanes, each one transaction under the fence. Repeating a slice writes the same content.
 * What it throws is worth another try, unless it is the `lastTry`: then the sync has failed.
 */
export async function applySync(
  ports: ApplyPorts,
  message: ApplyMessage,
  worker: string,
  timeLeft: TimeLeft,
  lastTry = false,
): Promise<ApplyOutcome> {
  const { districtId, syncId } = message;
  const seen = await ports.log.get(districtId, syncId);
  if (seen === null) return 'unknown-sync';
  if (seen.state !== 'applying') {
    await startNext(ports, districtId);
    return 'already-done';
  }
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds, handedTo(syncId));
  if (lease === null) {
    const again = { ...message, attempt: message.attempt + 1 };
    if (again.attempt < MAX_ATTEMPTS) await ports.queues.sendApply(again, ports.leaseSeconds);
    return 'busy';
  }
  let outcome: ApplyOutcome;
  try {
    outcome = await applyUnderLease(ports, message, lease, timeLeft);
  } catch (thrown) {
    const failed = isHopeless(thrown, lastTry) && (await failApply(ports, message, lease, thrown));
    await ports.leases.release(lease);
    if (thrown instanceof LeaseLost) return 'stale';
    if (!failed) throw thrown;
    outcome = 'failed';
  }
  if (outcome === 'continued') return outcome;
  await ports.leases.release(lease);
  if (outcome !== 'stale') await startNext(ports, districtId);
  return outcome;
}

async function applyUnderLease(
  ports: ApplyPorts,
  message: ApplyMessage,
  lease: Lease,
  timeLeft: TimeLeft,
): Promise<ApplyOutcome> {
  const { districtId, syncId } = message;
  if (!(await ports.roster.raiseFences(districtId, lease.number))) return 'stale';
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, syncId);
  if (sync?.state !== 'applying' || state.applyingSyncId !== syncId) return 'already-done';
  if (message.hop >= MAX_HOPS) throw new Error('an apply has continued itself too often');
  const applying = new Applying(ports, lease, sync, timeLeft);
  const ended = await applying.run();
  if (ended === 'fenced') return 'stale';
  if (ended === 'time-is-up') {
    await ports.leases.handOver(lease, handedTo(syncId), ports.leaseSeconds);
    await ports.queues.sendApply({ ...message, hop: message.hop + 1, attempt: 0 }, 0);
    return 'continued';
  }
  return finish(ports, lease, applying.sync, state);
}

/**
 * Ends an apply that cannot succeed as `failed` (states of design §4), so that it holds nobody up: what it wrote stays,
 * and the next plan, which compares with the table itself, repairs the rest. False where someone newer works here.
 */
async function failApply(ports: ApplyPorts, message: ApplyMessage, lease: Lease, thrown: unknown): Promise<boolean> {
  const { districtId, syncId } = message;
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, syncId);
  if (sync?.state !== 'applying') return false;
  const ended = { state: 'failed', endedAt: ports.clock.now().toISOString(), failureCode: codeOf(thrown) } as const;
  return ports.log.save(lease, { ...sync, ...ended }, 'applying', { ...state, applyingSyncId: null });
}

async function finish(ports: ApplyPorts, lease: Lease, sync: Sync, state: DistrictState): Promise<ApplyOutcome> {
  const promised = changedRecords(sync);
  if (sync.recordsWritten !== promised) {
    throw new Error(`an apply wrote ${sync.recordsWritten} of the ${promised} changes that its plan promised`);
  }
  const at = ports.clock.now().toISOString();
  const delivery = await ports.ledger.get(sync.districtId, sync.deliveryId);
  const { syncId, deliveryId } = sync;
  const lastApplied = { syncId, deliveryId, order: delivery?.order ?? '', appliedAt: at, profile: sync.profile! };
  const ended: DistrictState = { ...state, applyingSyncId: null, lastApplied };
  const saved = await ports.log.save(lease, { ...sync, state: 'applied', endedAt: at }, 'applying', ended);
  return saved ? 'applied' : 'stale';
}

/** Changes that a plan has to apply. */
const changedRecords = ({ changes }: Sync): number =>
  Object.values(changes).reduce((sum, c) => sum + c.add + c.update + c.deactivate + c.reactivate, 0);

/** One worker's part of an apply. */
class Applying {
  sync: Sync;
  readonly #ports: ApplyPorts;
  readonly #lease: Lease;
  readonly #keeper: LeaseKeeper;
  readonly #timeLeft: TimeLeft;
  #checkpointed: number;

  constructor(ports: ApplyPorts, lease: Lease, sync: Sync, timeLeft: TimeLeft) {
    this.#ports = ports;
    this.#lease = lease;
    this.sync = sync;
    this.#timeLeft = timeLeft;
    this.#keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
    this.#checkpointed = ports.clock.now().getTime();
  }

  async run(): Promise<'done' | 'fenced' | 'time-is-up'> {
    const { districtId, syncId, attempt, cursor } = this.sync;
    const prefix = planPrefix({ districtId, syncId, attempt });
    for (let section = cursor.section; section < PLAN_SECTIONS.length; section++) {
      const offset = section === cursor.section ? cursor.offset : 0;
      const batches = this.#ports.plans.readSection(prefix, PLAN_SECTIONS[section]!, offset);
      const ended = await this.#applySection(section, offset, batches);
      if (ended !== 'done') return ended;
    }
    return 'done';
  }

  async #applySection(
    section: number,
    offset: number,
    batches: AsyncIterable<readonly Change[]>,
  ): Promise<'done' | 'fenced' | 'time-is-up'> {
    const { districtId, syncId } = this.sync;
    const stamp = { syncId, at: this.sync.createdAt };
    const writer = new SliceWriter(WRITE_LANES, offset, (lane, changes) =>
      this.#ports.roster.writeChanges(districtId, { lane, number: this.#lease.number }, changes, stamp),
    );
    let slice: Change[] = [];
    let weight = 0;
    const send = async (): Promise<'go-on' | 'fenced' | 'time-is-up'> => {
      const sent = await writer.send(slice);
      slice = [];
      weight = 0;
      if (sent === 'fenced') return 'fenced';
      await this.#keeper.beat();
      if (this.#timeLeft() < RESERVE) return 'time-is-up';
      await this.#checkpoint({ section, offset: writer.written }, writer);
      return 'go-on';
    };
    for await (const batch of batches) {
      for (const change of batch) {
        const more = this.#ports.roster.weightOf(change);
        if (weight + more > CHANGE_PLACES && slice.length > 0) {
          const sent = await send();
          if (sent !== 'go-on') return this.#stop(sent, section, writer);
        }
        slice.push(change);
        weight += more;
      }
    }
    if (slice.length > 0 && (await writer.send(slice)) === 'fenced') return this.#stop('fenced', section, writer);
    if ((await writer.drain()) === 'fenced') return 'fenced';
    this.#advance({ section: section + 1, offset: 0 }, writer);
    return 'done';
  }

  async #stop(why: 'fenced' | 'time-is-up', section: number, writer: SliceWriter): Promise<'fenced' | 'time-is-up'> {
    if ((await writer.drain()) === 'fenced' || why === 'fenced') return 'fenced';
    this.#advance({ section, offset: writer.written }, writer);
    await this.#save();
    return 'time-is-up';
  }

  async #checkpoint(cursor: ApplyCursor, writer: SliceWriter): Promise<void> {
    const now = this.#ports.clock.now().getTime();
    if (now - this.#checkpointed < CHECKPOINT) return;
    this.#checkpointed = now;
    this.#advance(cursor, writer);
    await this.#save();
  }

  #advance(cursor: ApplyCursor, writer: SliceWriter): void {
    const recordsWritten = this.sync.recordsWritten + writer.takeNewlyWritten();
    this.sync = { ...this.sync, cursor, recordsWritten };
  }

  async #save(): Promise<void> {
    if (!(await this.#ports.log.save(this.#lease, this.sync, 'applying')))
      throw new LeaseLost('the sync has a newer worker');
  }
}

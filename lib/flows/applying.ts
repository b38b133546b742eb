import { planPrefix } from '../contracts/object-keys.ts';
import { CHANGE_PLACES } from '../contracts/table-definition.ts';
import { WRITE_LANES } from '../contracts/table-keys.ts';
import type { RecordKind } from '../core/oneroster/kinds.ts';
import type { Change } from '../core/plan/change.ts';
import { PLAN_SECTIONS } from '../core/plan/sections.ts';
import type { KindDigest } from '../core/proof/kind-digest.ts';
import type { ApplyCursor, Sync } from '../core/sync/sync.ts';
import type { Lease } from '../ports/ledger.ts';
import { AppliedChanges, scopeOf } from './applied-changes.ts';
import { type ApplyPorts, RESERVE, type TimeLeft } from './apply-ports.ts';
import { LeaseKeeper, LeaseLost } from './lease-keeper.ts';
import { PROVEN_KINDS, ProofMismatch, promiseOf, proveKind } from './prove-table.ts';
import { SliceWriter } from './slice-writer.ts';

/** The cursor is saved at least this often, milliseconds: what a crash costs in repeated writes. */
const CHECKPOINT = 5_000;

/**
 * A record takes no longer than this to be read and proven, milliseconds; a third of it was measured (docs/scale.md). A
 * kind that may not be done in the time that is left is left to the next worker, who has all its time for it.
 */
const PROOF_MILLIS = 0.1;

/** One worker's part of an apply. */
export class Applying {
  sync: Sync;
  readonly #ports: ApplyPorts;
  readonly #lease: Lease;
  readonly #keeper: LeaseKeeper;
  readonly #timeLeft: TimeLeft;
  #checkpointed: number;
  /** Where this worker began: once it is past that, it has brought the apply on. */
  readonly #began: ApplyCursor;

  constructor(ports: ApplyPorts, lease: Lease, sync: Sync, timeLeft: TimeLeft) {
    this.#ports = ports;
    this.#lease = lease;
    this.sync = sync;
    this.#began = sync.cursor;
    this.#timeLeft = timeLeft;
    this.#keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
    this.#checkpointed = ports.clock.now().getTime();
  }

  async run(): Promise<'done' | 'fenced' | 'time-is-up'> {
    const { districtId, syncId, attempt, cursor } = this.sync;
    const prefix = planPrefix({ districtId, syncId, attempt });
    const applied = new AppliedChanges(this.#ports.plans, prefix, scopeOf(this.sync));
    for (let section = cursor.section; section < PLAN_SECTIONS.length; section++) {
      const offset = section === cursor.section ? cursor.offset : 0;
      const batches = applied.read(PLAN_SECTIONS[section]!, offset);
      const ended = await this.#applySection(section, offset, batches);
      if (ended !== 'done') return ended;
    }
    return this.#prove(prefix);
  }

  /** Proves the table against the plan, kind by kind; the cursor counts them after the sections. */
  async #prove(prefix: string): Promise<'done' | 'time-is-up'> {
    const promise = await promiseOf(this.#ports.archive, prefix, this.sync);
    for (let at = this.sync.cursor.section - PLAN_SECTIONS.length; at < PROVEN_KINDS.length; at++) {
      const kind = PROVEN_KINDS[at]!;
      const promised = promise?.kinds.get(kind);
      if (promised !== undefined) {
        if (this.#hasBroughtOn() && this.#timeLeft() < RESERVE + PROOF_MILLIS * promised.active) {
          await this.#save();
          return 'time-is-up';
        }
        const edited = await this.#proveKind(kind, promised);
        this.sync = { ...this.sync, editedSince: this.sync.editedSince + edited };
      }
      this.sync = { ...this.sync, cursor: { section: PLAN_SECTIONS.length + at + 1, offset: 0 } };
    }
    return 'done';
  }

  /** A worker that slept may find a table that others have changed since, rightly: only who has the lease can judge it. */
  async #proveKind(kind: RecordKind, promised: KindDigest): Promise<number> {
    try {
      return await proveKind(this.#ports, this.sync, kind, promised, () => this.#keeper.beat());
    } catch (thrown) {
      if (thrown instanceof ProofMismatch) await this.#keeper.demand();
      throw thrown;
    }
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

  #hasBroughtOn(): boolean {
    const { section, offset } = this.sync.cursor;
    return section !== this.#began.section || offset !== this.#began.offset;
  }

  async #save(): Promise<void> {
    if (this.#hasBroughtOn()) this.sync = { ...this.sync, tries: null };
    if (!(await this.#ports.log.save(this.#lease, this.sync, 'applying')))
      throw new LeaseLost('the sync has a newer worker');
  }
}

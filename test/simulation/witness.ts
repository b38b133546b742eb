import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import type { EventType } from '../../lib/contracts/events.ts';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { idOfLine } from '../../lib/core/oneroster/record-line.ts';
import { type Change, recordsOf } from '../../lib/core/plan/change.ts';
import { NEW_DISTRICT_STATE } from '../../lib/core/sync/new-district.ts';
import type { Delivery, DeliveryFile, DistrictState, Sync } from '../../lib/core/sync/sync.ts';
import { blockedDeltas } from './blocked-deltas.ts';
import { differences } from './expected-table.ts';
import { GivenCommands } from './given-commands.ts';
import { ProductOwners } from './product-owners.ts';
import type { Scheduler } from './scheduler.ts';
import { SyncJudge } from './sync-judge.ts';
import { keyOf, lookNow, type RecordLook, type Snapshots, snapshotOf } from './table-look.ts';
import type { UploadedVersions } from './uploaded-versions.ts';
import type { Worker } from './worker.ts';

/** A rule that was broken: its name, and what was seen. */
export interface Broken {
  readonly invariant: string;
  readonly what: string;
}

/** What a worker looked at when it chose what to do. */
export interface Looked {
  readonly step: number;
  readonly at: Date;
  /** Deltas that had to wait then (R15). */
  readonly blocked: ReadonlySet<string>;
}

/** The event of each state that the outside wants to know. */
const TOLD_AS: Readonly<Partial<Record<Sync['state'], EventType>>> = {
  applied: 'rollcall.sync.applied',
  held: 'rollcall.sync.held',
  rejected: 'rollcall.sync.rejected',
  incomplete: 'rollcall.delivery.incomplete',
  failed: 'rollcall.sync.failed',
};

/**
 * Sees every change of the table at the step in which it happens and says what must not be. It knows what the districts
 * put, what people asked for and what the model makes of both; of the flows it knows nothing.
 */
export class Witness {
  readonly broken: Broken[] = [];
  /** Step at which a delivery began to wait. */
  readonly waitsSince = new Map<string, number>();
  readonly commands = new GivenCommands();
  /** What the outside must be told of (docs/events.md). */
  readonly toTell: { readonly type: EventType; readonly syncId: string; readonly deliveryId: string }[] = [];
  readonly judge: SyncJudge;
  readonly store: MemoryStore;
  readonly scheduler: Scheduler;
  readonly versions: UploadedVersions;
  /** Last Portal edit by `kind id`, by district. */
  readonly #editedAt = new Map<string, Map<string, number>>();
  /** Highest lease number that raised the fences or began to read, by district. */
  readonly #begun = new Map<string, number>();
  readonly #readings = new Map<Worker, Snapshots>();
  readonly #looks = new Map<Worker, Looked>();
  readonly #takenUp = new Map<Worker, number>();
  readonly #owners = new Map<string, ProductOwners>();
  readonly #paused = new Map<string, boolean>();

  constructor(store: MemoryStore, scheduler: Scheduler, versions: UploadedVersions) {
    this.store = store;
    this.scheduler = scheduler;
    this.versions = versions;
    this.judge = new SyncJudge(this);
  }

  say(invariant: string, what: string): void {
    this.broken.push({ invariant, what });
  }

  edited(districtId: string, kind: RecordKind, sourcedId: string): void {
    const edits = this.#editedAt.get(districtId) ?? new Map<string, number>();
    edits.set(keyOf(kind, sourcedId), this.scheduler.steps);
    this.#editedAt.set(districtId, edits);
  }

  /** A worker looks what waits, or what has come. */
  looks(worker: Worker): void {
    this.#looks.set(worker, {
      step: this.scheduler.steps,
      at: this.scheduler.now(),
      blocked: blockedDeltas(this.store, worker.districtId),
    });
  }

  /** Null: a worker that nobody saw. */
  lookedOf(worker: Worker | null): Looked {
    return (
      (worker === null ? undefined : this.#looks.get(worker)) ?? {
        step: 0,
        at: this.scheduler.now(),
        blocked: new Set(),
      }
    );
  }

  waits(deliveryId: string): void {
    if (!this.waitsSince.has(deliveryId)) this.waitsSince.set(deliveryId, this.scheduler.steps);
  }

  /** A worker begins to look at a zip, or at the files of a set. */
  takesUp(worker: Worker): void {
    this.#takenUp.set(worker, this.scheduler.steps);
  }

  /** R16: a delivery is called whole; none of its uploads was known as failed when it was looked at. */
  received(worker: Worker, { districtId, deliveryId, state }: Delivery): void {
    if (state !== 'received') return;
    if (this.failedSince(districtId, deliveryId) < (this.#takenUp.get(worker) ?? 0))
      this.say('failed-upload', `${deliveryId} is received, and the upload of a file had failed`);
  }

  /** Since which step a file that a delivery is made of is known as failed; one that its manifest calls absent is none. */
  failedSince(districtId: string, deliveryId: string): number {
    const files = this.files(districtId, deliveryId);
    const found = this.versions.exportOf(files);
    const all = 'mixed' in found || found.packaging === 'zip';
    return this.versions.failedSince(all ? files : files.filter(({ name }) => name in found.content.files));
  }

  raised(districtId: string, number: number): void {
    this.#begun.set(districtId, Math.max(number, this.#begun.get(districtId) ?? 0));
  }

  /** A worker begins to read a kind of the table. */
  reads(worker: Worker, kind: RecordKind): void {
    this.raised(worker.districtId, worker.leaseNumber);
    const snapshots = this.#readings.get(worker) ?? new Map();
    snapshots.set(kind, snapshotOf(this.store, worker.districtId, kind, this.scheduler.steps));
    this.#readings.set(worker, snapshots);
  }

  /** The table as a worker read it; what it did not read is as it is now. */
  readingOf(worker: Worker): Snapshots {
    const snapshots: Snapshots = new Map(this.#readings.get(worker));
    for (const kind of RECORD_KINDS)
      if (!snapshots.has(kind))
        snapshots.set(kind, snapshotOf(this.store, worker.districtId, kind, this.scheduler.steps));
    return snapshots;
  }

  ownersOf(districtId: string): ProductOwners {
    const owners = this.#owners.get(districtId) ?? new ProductOwners(this.store, districtId);
    this.#owners.set(districtId, owners);
    return owners;
  }

  /** Records were written under a fence. */
  wrote(districtId: string, number: number, changes: readonly Change[], syncId: string): void {
    const begun = this.#begun.get(districtId) ?? 0;
    if (number < begun) this.say('stale-write', `${districtId}: number ${number} wrote after ${begun} had begun`);
    const applying = this.store.states.get(districtId)?.applyingSyncId ?? null;
    const last = this.judge.lastOf(districtId)?.syncId;
    if (syncId !== applying && syncId !== last)
      this.say('stale-write', `${districtId}: ${syncId} is not being applied`);
    for (const { kind, after } of changes.flatMap(recordsOf)) {
      const wrong = this.ownersOf(districtId).wrote(kind, idOfLine(after.line));
      if (wrong !== null) this.say('product-id', `${districtId}: ${wrong}`);
    }
  }

  /** A sync's row changed, and with it perhaps the state of its district. */
  saved(worker: Worker, before: Sync | null, after: Sync, stateBefore: DistrictState): void {
    const { districtId, syncId } = after;
    if (before?.state !== after.state) {
      const move = `${before?.state ?? 'new'} → ${after.state}`;
      if (!MOVES.has(before === null && after.origin !== 'delivery' ? `${after.origin} → ${after.state}` : move))
        this.say('states', `${syncId}: ${move}`);
      if (after.state === 'failed') this.say('failed', `${syncId} failed: ${after.failureCode}`);
      if (after.state === 'applying' && after.origin === 'delivery' && stateBefore.syncPaused)
        this.say('paused', `${syncId} is applied while syncs of ${districtId} are paused`);
      const type = TOLD_AS[after.state];
      if (type !== undefined) this.toTell.push({ type, syncId, deliveryId: after.deliveryId });
      this.judge.moved(worker, before, after);
    }
    if (before === null && after.origin === 'undo') this.#paused.set(districtId, true);
    this.stateChanged(districtId);
  }

  /** Somebody paused or resumed. */
  pausedBy(districtId: string, paused: boolean): void {
    this.#paused.set(districtId, paused);
    this.stateChanged(districtId);
  }

  /** R11, R14: held is who is listed, and paused is what somebody paused. */
  stateChanged(districtId: string): void {
    const { heldSyncIds, replacedSyncIds, syncPaused } = this.store.states.get(districtId) ?? NEW_DISTRICT_STATE;
    const held = [...this.store.syncs.of(districtId).values()].filter(({ state }) => state === 'held');
    const listed = [...heldSyncIds, ...replacedSyncIds].sort().join(' ');
    const names = held.map(({ syncId }) => syncId).sort();
    if (names.join(' ') !== listed) this.say('held', `${districtId}: held are ${names.join(' ')}, listed ${listed}`);
    if (syncPaused !== (this.#paused.get(districtId) ?? false))
      this.say('paused', `${districtId}: paused is ${syncPaused}`);
  }

  files(districtId: string, deliveryId: string): readonly DeliveryFile[] {
    return [...this.store.files.of(districtId, deliveryId).values()];
  }

  contentOf(districtId: string, deliveryId: string) {
    const found = this.versions.exportOf(this.files(districtId, deliveryId));
    return 'mixed' in found ? null : found.content;
  }

  /** Whether the table of a district is what its last ended sync promised, Portal edits since then aside (R1 to R6). */
  checkTable(districtId: string, when: string): void {
    const last = this.judge.lastOf(districtId);
    if (last !== null && last.promise === null) return;
    const expected = last?.promise?.planned.after ?? new Map<string, RecordLook>();
    const edits = this.#editedAt.get(districtId);
    const wasEdited = ({ kind, id }: RecordLook) =>
      (edits?.get(keyOf(kind, id)) ?? -1) > (last?.promise?.readAt.get(kind) ?? 0);
    const wrong = differences(lookNow(this.store, districtId), expected, wasEdited);
    if (wrong.length > 0) this.say('table', `${districtId} ${when} ${last?.syncId}: ${wrong.slice(0, 3).join('; ')}`);
    const shared = this.ownersOf(districtId).shared();
    if (shared.length > 0) this.say('product-id', `${districtId} ${when}: ${shared[0]}`);
  }
}

/** Moves of a sync (design §4). */
const MOVES: ReadonlySet<string> = new Set([
  'new → planning',
  ...['rejected', 'incomplete', 'unchanged', 'checked', 'held', 'applying', 'superseded'].map(
    (to) => `planning → ${to}`,
  ),
  ...['applying', 'rejected', 'superseded'].map((to) => `held → ${to}`),
  'applying → applied',
  'applied → undone',
  'undo → applying',
  'rekey → applying',
]);

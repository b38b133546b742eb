import { localDate } from '../../lib/core/district/local-date.ts';
import { limitsOn } from '../../lib/core/limits/limit-windows.ts';
import type { RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { isDryRun } from '../../lib/core/sync/choose-delivery.ts';
import type { Delivery, Sync } from '../../lib/core/sync/sync.ts';
import { demandedHolds, type ReadFiles } from './expected-holds.ts';
import {
  afterDelivery,
  afterRekey,
  afterUndo,
  inScope,
  type Pair,
  type PlannedTable,
  unreadableRows,
} from './expected-table.ts';
import { FileMeasures } from './file-measures.ts';
import { isSame, keyOf, lookAt } from './table-look.ts';
import type { Broken, Looked, Witness } from './witness.ts';
import type { Worker } from './worker.ts';
import { wrongPairs } from './wrong-pairs.ts';

/** What a sync must make of the table, by the model. */
export interface Promised {
  readonly planned: PlannedTable;
  /** When each kind was read: the Portal may have edited since. */
  readonly readAt: ReadonlyMap<RecordKind, number>;
}

/** What the summary of a plan says of it. */
interface Summary {
  readonly files: ReadFiles;
  readonly pairs: readonly Pair[];
}

/** A sync that is in the table: applied, or found unchanged. */
export interface EndedSync {
  readonly syncId: string;
  readonly origin: Sync['origin'];
  /** Its delivery changed nothing: nothing was applied. */
  readonly unchanged: boolean;
  readonly deliveryId: string;
  readonly order: string;
  readonly promise: Promised | null;
  /** When its planner last looked what waits. */
  readonly looked: Looked;
}

/** What is known of a sync that was planned. */
interface Planned {
  readonly promise: Promised | null;
  readonly looked: Looked;
  /** Applies of the district that had ended. */
  readonly revision: number;
}

/** Follows each sync from plan to end, and decides by itself what must become of it. */
export class SyncJudge {
  /** Orders of deliveries that were held, unchanged or applied, by district, with what they brought in full (R11, R15). */
  readonly good = new Map<string, Delivery[]>();
  readonly #witness: Witness;
  readonly #ended = new Map<string, EndedSync[]>();
  readonly #planned = new Map<string, Planned>();
  readonly #summaries = new Map<string, Summary>();
  readonly #revisions = new Map<string, number>();
  readonly #measures = new FileMeasures();
  /** By a sync that was undone as a whole, the undo. */
  readonly #undos = new Map<string, string>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** Per district, in the order in which they ended. */
  endedOf(districtId: string): readonly EndedSync[] {
    return this.#ended.get(districtId) ?? [];
  }

  lastOf(districtId: string): EndedSync | null {
    return this.endedOf(districtId).at(-1) ?? null;
  }

  deliveriesIn(districtId: string): readonly EndedSync[] {
    return this.endedOf(districtId).filter(({ origin }) => origin === 'delivery');
  }

  summarized(key: string, text: string): void {
    const { files = {}, pairs = [] } = JSON.parse(text) as Partial<Summary>;
    this.#summaries.set(key, { files, pairs });
  }

  /** A sync has a new state. */
  moved(worker: Worker, before: Sync | null, after: Sync): void {
    const { state, origin } = after;
    if (before?.state === 'planning') this.#plannedDelivery(worker, after);
    if (before === null && origin !== 'delivery') this.#plannedCommand(worker, after);
    if (before?.state === 'held') this.#decided(worker, after);
    if (state === 'applying') {
      const pairs = this.#planned.get(after.syncId)?.promise?.planned.pairs ?? [];
      this.#witness.ownersOf(after.districtId).begin(pairs);
    }
    if (state === 'applied' || state === 'unchanged') this.#end(after);
    if (state === 'undone') this.#undone(after);
  }

  #say(invariant: string, what: string): void {
    this.#witness.say(invariant, what);
  }

  #deliveryOf({ districtId, deliveryId }: Sync): Delivery | undefined {
    return this.#witness.store.deliveries.of(districtId).get(deliveryId);
  }

  #summaryOf({ districtId, syncId, attempt }: Sync): Summary {
    return this.#summaries.get(`plans/${districtId}/${syncId}/${attempt}/summary.json`) ?? { files: {}, pairs: [] };
  }

  /** The model's word on the delivery and the table that this very worker read. */
  #plannedDelivery(worker: Worker, sync: Sync): void {
    const { districtId, deliveryId, syncId, state } = sync;
    if (state === 'superseded') return;
    const delivery = this.#deliveryOf(sync)!;
    const looked = this.#witness.lookedOf(worker);
    if (looked.blocked.has(deliveryId))
      this.#say('blocked', `${deliveryId} is ${state} before what it builds on is decided`);
    const isFailed = this.#isFailed(sync, looked.step);
    const content = this.#witness.contentOf(districtId, deliveryId);
    if (['held', 'unchanged', 'applying'].includes(state) && !isDryRun(delivery))
      this.good.set(districtId, [...(this.good.get(districtId) ?? []), delivery]);
    const snapshots = this.#witness.readingOf(worker);
    const readAt = new Map([...snapshots].map(([kind, { step }]) => [kind, step]));
    const revision = this.#revisions.get(districtId) ?? 0;
    if (isFailed || content === null || content.damaged) {
      this.#planned.set(syncId, { promise: null, looked, revision });
      if (!isFailed && content?.damaged && state !== 'rejected')
        this.#say('verdict', `${syncId} is ${state}, not rejected`);
      return;
    }
    const planned = {
      before: lookAt(snapshots),
      after: afterDelivery(content.delivery, snapshots, this.#lastUnreadable(districtId)),
      pairs: this.#summaryOf(sync).pairs,
    };
    for (const wrong of wrongPairs(planned)) this.#say('pair', `${syncId}: ${wrong}`);
    this.#planned.set(syncId, {
      promise: { planned: state === 'held' ? planned : { ...planned, pairs: [] }, readAt },
      looked,
      revision,
    });
    this.#checkVerdict(sync, delivery, planned, looked.at);
  }

  /**
   * R16: a delivery with a file that is known as failed when its planner looks is incomplete, and no other is. What becomes
   * known while it is planned, the planner may see or not.
   */
  #isFailed({ districtId, deliveryId, syncId, state }: Sync, step: number): boolean {
    const since = this.#witness.failedSince(districtId, deliveryId);
    if (since < step && state !== 'incomplete') this.#say('failed-upload', `${syncId} is ${state}, not incomplete`);
    if (since === Number.POSITIVE_INFINITY && state === 'incomplete')
      this.#say('failed-upload', `${syncId} is incomplete, and no upload of it failed`);
    return state === 'incomplete';
  }

  /** R14: by the undo of a whole sync that somebody asked for. */
  #undone({ districtId, syncId, undoneBy }: Sync): void {
    const undo = this.#witness.store.syncs.of(districtId).get(undoneBy ?? '')?.undo ?? null;
    if (undo?.syncId !== syncId || undo.onlySchool !== null || undo.user !== null)
      this.#say('undo', `${syncId} is undone by ${undoneBy}`);
    this.#undos.set(syncId, undoneBy ?? '');
  }

  /** Whether a sync says what is usual: not while it is undone (R5, R11, R14). */
  #counts(syncId: string): boolean {
    const undo = this.#undos.get(syncId);
    return undo === undefined || !this.#counts(undo);
  }

  /** A file that a delivery lacks, or has as a delta, leaves its last count; more than it only counts where applied (R5). */
  #lastUnreadable(districtId: string) {
    const counts: Record<string, number> = {};
    for (const { syncId, deliveryId, unchanged } of this.deliveriesIn(districtId)) {
      if (!this.#measures.tells(districtId, syncId, (id) => this.#counts(id))) continue;
      const content = this.#witness.contentOf(districtId, deliveryId);
      for (const [file, rows] of Object.entries(content === null ? {} : unreadableRows(content.delivery)))
        if (!unchanged || rows < (counts[file] ?? 0)) counts[file] = rows;
    }
    return counts;
  }

  /** R7, R11, R14, R16: what must become of a delivery that can be read. Of a plan that was made over midnight, on either day. */
  #checkVerdict(sync: Sync, delivery: Delivery, planned: PlannedTable, begun: Date): void {
    const { syncId, state } = sync;
    if (isDryRun(delivery)) {
      if (state !== 'checked') this.#say('verdict', `${syncId} is ${state}, not checked`);
      return;
    }
    const { store, scheduler } = this.#witness;
    const { timeZone } = store.settings.get(sync.districtId)!.settings;
    const days = new Set([begun, scheduler.now()].map((at) => localDate(at, timeZone)));
    const wrong = [...days].map((day) => this.#wrongVerdict(sync, planned, day));
    if (wrong[0] && !wrong.includes(null)) this.#say(wrong[0].invariant, wrong[0].what);
  }

  /** What is wrong with a verdict by the limits of a day. */
  #wrongVerdict(sync: Sync, planned: PlannedTable, day: string): Broken | null {
    const { districtId, syncId, state, holds } = sync;
    const { store } = this.#witness;
    const settings = store.settings.get(districtId)!.settings;
    const codes = new Set<string>(
      demandedHolds({
        limits: limitsOn(settings, day),
        planned,
        files: this.#summaryOf(sync).files,
        orgCounts: sync.changes.orgs ?? { add: 0, update: 0, reactivate: 0, deactivate: 0, unchanged: 0 },
        ...this.#measures.of(districtId, (id) => this.#counts(id)),
      }),
    );
    const changed = [...planned.after].some(([key, look]) => !isSame(look, planned.before.get(key)));
    if (!changed) codes.clear();
    else {
      if ((this.#revisions.get(districtId) ?? 0) === 0 && settings.firstSync === 'hold') codes.add('first-sync');
      if (store.states.get(districtId)?.syncPaused) codes.add('paused');
    }
    const should = !changed ? 'unchanged' : codes.size > 0 ? 'held' : 'applying';
    const found = new Set<string>(holds.map(({ code }) => code));
    if (state !== should)
      return { invariant: 'verdict', what: `${syncId} is ${state}, not ${should} (${[...codes].join(' ')})` };
    if ([...found].sort().join(' ') === [...codes].sort().join(' ')) return null;
    return { invariant: 'hold', what: `${syncId} is held for ${[...found].join(' ')}, not ${[...codes].join(' ')}` };
  }

  /** An undo or a re-key begins: it must be what somebody asked for. */
  #plannedCommand(worker: Worker, sync: Sync): void {
    const { districtId, syncId, origin, decision } = sync;
    const command = this.#takes(sync, decision?.commandId ?? '', origin === 'undo' ? 'undo' : 'rekey');
    const snapshots = this.#witness.readingOf(worker);
    const readAt = new Map([...snapshots].map(([kind, { step }]) => [kind, step]));
    const now = lookAt(snapshots);
    const base = { looked: this.#witness.lookedOf(worker), revision: this.#revisions.get(districtId) ?? 0 };
    if (command?.name === 'rekey') {
      const [old, young] = [now.get(keyOf('user', command.from)), now.get(keyOf('user', command.to))];
      if (old?.status !== 'inactive' || young?.status !== 'active' || old.movedTo !== null)
        this.#say('decision', `${syncId} moves the work of ${command.from} to ${command.to}`);
      this.#planned.set(syncId, { promise: { planned: afterRekey(now, command), readAt }, ...base });
      return;
    }
    if (command?.name !== 'undo') return;
    const undone = this.endedOf(districtId).find((each) => each.syncId === command.undo.syncId);
    if (command.dryRun || undone === undefined) this.#say('decision', `${syncId} undoes ${command.undo.syncId}`);
    if (undone === undefined || undone.promise === null) {
      this.#planned.set(syncId, { promise: null, ...base });
      return;
    }
    const { planned } = undone.promise;
    const owners = this.#witness.ownersOf(districtId);
    const owned = this.#owned.get(undone.syncId);
    const { conflicts, ...promised } = afterUndo(
      now,
      planned,
      command.undo,
      (id) => owners.of('user', id) === owned?.get(id),
    );
    if (conflicts !== sync.conflicts) this.#say('undo', `${syncId} has ${sync.conflicts} conflicts, not ${conflicts}`);
    this.#planned.set(syncId, { promise: { planned: promised, readAt }, ...base });
  }

  /** productIds of the users when a sync had ended. */
  readonly #owned = new Map<string, ReadonlyMap<string, string | null>>();

  #takes(sync: Sync, commandId: string, name: 'approve' | 'reject' | 'undo' | 'rekey') {
    const wrong = this.#witness.commands.took(commandId, sync.districtId, name, sync.syncId);
    if (wrong !== null) this.#say('command', wrong);
    return this.#witness.commands.of(commandId)?.command;
  }

  /** R11, R13: a held plan is approved, rejected, or replaced by something newer and good. */
  #decided(worker: Worker, sync: Sync): void {
    const { districtId, syncId, state, decision } = sync;
    if (state === 'superseded') {
      const own = this.#deliveryOf(sync)!;
      const files = [...own.bulkFiles, ...own.deltaFiles];
      const newer = (this.good.get(districtId) ?? []).filter((each) => each.order > own.order && !each.hasDelta);
      const better = newer.some(({ bulkFiles }) => files.every((file) => bulkFiles.includes(file)));
      if (!better && (newer.length === 0 || own.hasDelta || this.#canBeApproved(sync, own.order)))
        this.#say('lost', `${syncId} was held and superseded by nothing`);
      return;
    }
    const command = this.#takes(sync, decision?.commandId ?? '', state === 'rejected' ? 'reject' : 'approve');
    if ((command?.name === 'approve' || command?.name === 'reject') && command.syncId !== syncId)
      this.#say('decision', `${syncId} was decided, not ${command.syncId}`);
    if (command?.name !== 'approve') return;
    const planned = this.#planned.get(syncId)!;
    if (planned.revision !== (this.#revisions.get(districtId) ?? 0))
      this.#say('stale-approval', `${syncId} was approved after the table had changed`);
    this.#checkNewer(worker, sync, command.newerSeen);
    if (this.#witness.failedSince(districtId, sync.deliveryId) < this.#witness.lookedOf(worker).step)
      this.#say('failed-upload', `${syncId} was approved although the upload of a file had failed`);
    if (planned.promise === null) return;
    this.#planned.set(syncId, {
      ...planned,
      promise: { ...planned.promise, planned: inScope(planned.promise.planned, command.scope) },
    });
  }

  /** R13: nothing was applied since it was planned, nothing is being applied, and nothing newer was found to be in the table. */
  #canBeApproved({ districtId, syncId }: Sync, order: string): boolean {
    const isBeingChanged = (this.#witness.store.states.get(districtId)?.applyingSyncId ?? null) !== null;
    const wasChanged = this.#planned.get(syncId)?.revision !== (this.#revisions.get(districtId) ?? 0);
    return !isBeingChanged && !wasChanged && !this.deliveriesIn(districtId).some((each) => each.order > order);
  }

  /** R13: what came since was seen by whoever approved, or is a delta that waits for this very decision. */
  #checkNewer(worker: Worker, sync: Sync, newerSeen: string | null): void {
    const { districtId, syncId } = sync;
    const { store, waitsSince } = this.#witness;
    const own = this.#deliveryOf(sync)!;
    const { step } = this.#witness.lookedOf(worker);
    const newer = [...store.deliveries.of(districtId).values()].filter(
      (each) => !isDryRun(each) && each.order > own.order && (waitsSince.get(each.deliveryId) ?? step) < step,
    );
    if (newer.some(({ state, hasDelta }) => state === 'received' && !hasDelta))
      this.#say('stale-approval', `${syncId} was approved while a newer delivery waited`);
    const seen = newer
      .filter(({ state }) => state === 'planned')
      .every(({ order }) => order <= (store.deliveries.of(districtId).get(newerSeen ?? '')?.order ?? ''));
    if (!seen) this.#say('stale-approval', `${syncId} was approved by somebody who had not seen what is newer`);
  }

  #end(sync: Sync): void {
    const { districtId, syncId, deliveryId, origin, state } = sync;
    const ended = this.#ended.get(districtId) ?? [];
    const order = origin === 'delivery' ? (this.#deliveryOf(sync)?.order ?? '') : '';
    const last = this.deliveriesIn(districtId).at(-1);
    if (origin === 'delivery') {
      if (ended.some((each) => each.deliveryId === deliveryId && each.origin === 'delivery'))
        this.#say('once', `${deliveryId} was applied twice`);
      if (last !== undefined && order <= last.order)
        this.#say('order', `${deliveryId} after the newer ${last.deliveryId}`);
      this.#measures.remember(sync, this.#summaryOf(sync).files, (id) => this.#counts(id));
    }
    const { promise, looked } = this.#planned.get(syncId) ?? {
      promise: null,
      looked: this.#witness.lookedOf(null),
    };
    ended.push({ syncId, origin, unchanged: state === 'unchanged', deliveryId, order, promise, looked });
    this.#ended.set(districtId, ended);
    if (state === 'applied') this.#revisions.set(districtId, (this.#revisions.get(districtId) ?? 0) + 1);
    const owners = this.#witness.ownersOf(districtId);
    const users = [...(promise?.planned.after.values() ?? [])].flatMap(({ kind, id }) => (kind === 'user' ? [id] : []));
    this.#owned.set(syncId, new Map(users.map((id) => [id, owners.of('user', id)])));
    this.#witness.checkTable(districtId, 'after');
  }
}

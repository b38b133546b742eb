import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { idOfLine } from '../../lib/core/oneroster/record-line.ts';
import type { Change } from '../../lib/core/plan/change.ts';
import type { DeliveryFile, Sync } from '../../lib/core/sync/sync.ts';
import {
  differences,
  type ExpectedTable,
  expectTable,
  type Snapshots,
  snapshotOf,
  unreadableRows,
} from './expected-table.ts';
import type { Scheduler } from './scheduler.ts';
import type { UploadedVersions } from './uploaded-versions.ts';
import type { Worker } from './worker.ts';

/** A rule that was broken: its name, and what was seen. */
export interface Broken {
  readonly invariant: string;
  readonly what: string;
}

/** A sync that is in the table: applied, or found unchanged. */
export interface EndedSync {
  readonly syncId: string;
  readonly deliveryId: string;
  readonly order: string;
  readonly expected: ExpectedTable | null;
  /** Step at which its planner last looked what waits. */
  readonly lookedAt: number;
}

/**
 * Sees every change of the table at the step in which it happens and says what must not be. It knows what the districts
 * put and what the model makes of it; of the flows it knows nothing.
 */
export class Witness {
  readonly broken: Broken[] = [];
  /** Per district, in the order in which they ended. */
  readonly ended = new Map<string, EndedSync[]>();
  /** Step at which a delivery began to wait. */
  readonly waitsSince = new Map<string, number>();
  /** Last Portal edit by `district kind id`. */
  readonly #editedAt = new Map<string, Map<string, number>>();
  readonly #store: MemoryStore;
  readonly #scheduler: Scheduler;
  readonly #versions: UploadedVersions;
  /** Highest lease number that raised the fences or began to read, by district. */
  readonly #begun = new Map<string, number>();
  readonly #readings = new Map<Worker, Snapshots>();
  readonly #looks = new Map<Worker, number>();
  readonly #promised = new Map<string, { expected: ExpectedTable | null; lookedAt: number }>();
  readonly #productIds = new Map<string, string>();

  constructor(store: MemoryStore, scheduler: Scheduler, versions: UploadedVersions) {
    this.#store = store;
    this.#scheduler = scheduler;
    this.#versions = versions;
  }

  say(invariant: string, what: string): void {
    this.broken.push({ invariant, what });
  }

  edited(districtId: string, kind: RecordKind, sourcedId: string): void {
    const edits = this.#editedAt.get(districtId) ?? new Map<string, number>();
    edits.set(`${kind} ${sourcedId}`, this.#scheduler.steps);
    this.#editedAt.set(districtId, edits);
  }

  /** A worker looks what waits. */
  looks(worker: Worker): void {
    this.#looks.set(worker, this.#scheduler.steps);
  }

  waits(deliveryId: string): void {
    if (!this.waitsSince.has(deliveryId)) this.waitsSince.set(deliveryId, this.#scheduler.steps);
  }

  raised(districtId: string, number: number): void {
    this.#begun.set(districtId, Math.max(number, this.#begun.get(districtId) ?? 0));
  }

  /** A worker begins to read a kind of the table. */
  reads(worker: Worker, kind: RecordKind): void {
    this.raised(worker.districtId, worker.leaseNumber);
    const snapshots = this.#readings.get(worker) ?? new Map();
    snapshots.set(kind, snapshotOf(this.#store, worker.districtId, kind, this.#scheduler.steps));
    this.#readings.set(worker, snapshots);
  }

  /** Records were written under a fence. */
  wrote(districtId: string, number: number, changes: readonly Change[], syncId: string): void {
    const begun = this.#begun.get(districtId) ?? 0;
    if (number < begun) this.say('stale-write', `${districtId}: number ${number} wrote after ${begun} had begun`);
    const applying = this.#store.states.get(districtId)?.applyingSyncId ?? null;
    const last = this.ended.get(districtId)?.at(-1)?.syncId;
    if (syncId !== applying && syncId !== last)
      this.say('stale-write', `${districtId}: ${syncId} is not being applied`);
    for (const { kind, after } of changes) this.#checkProduct(districtId, kind, idOfLine(after.line));
  }

  /** A sync's row changed. */
  saved(worker: Worker, before: Sync | null, after: Sync): void {
    const { districtId, syncId } = after;
    if (before?.state === after.state) return;
    const move = `${before?.state ?? 'new'} → ${after.state}`;
    if (!MOVES.has(move)) this.say('states', `${syncId}: ${move}`);
    if (after.state === 'applying' || after.state === 'unchanged') this.#promise(worker, after);
    if (after.state === 'applied' || after.state === 'unchanged') this.#end(after);
    if (after.state === 'failed') this.say('failed', `${syncId} failed`);
    this.#checkVerdict(districtId, after);
  }

  files(districtId: string, deliveryId: string): readonly DeliveryFile[] {
    return [...this.#store.files.of(districtId, deliveryId).values()];
  }

  /** Whether the table of a district is what its last ended sync promised, Portal edits since then aside (R1 to R6). */
  checkTable(districtId: string, when: string): void {
    const last = this.ended.get(districtId)?.at(-1);
    if (last !== undefined && last.expected === null) return;
    const expected = last?.expected ?? { image: {}, readAt: new Map() };
    const edits = this.#editedAt.get(districtId) ?? new Map<string, number>();
    const wrong = differences(this.#store, districtId, expected, edits);
    if (wrong.length > 0) this.say('table', `${districtId} ${when} ${last?.syncId}: ${wrong.slice(0, 3).join('; ')}`);
  }

  /** What the plan promises: the model's word on the delivery and the table that this very worker read. */
  #promise(worker: Worker, sync: Sync): void {
    const { districtId, deliveryId, syncId } = sync;
    const snapshots: Snapshots = new Map(this.#readings.get(worker));
    for (const kind of RECORD_KINDS)
      if (!snapshots.has(kind)) snapshots.set(kind, snapshotOf(this.#store, districtId, kind, this.#scheduler.steps));
    const content = this.#contentOf(districtId, deliveryId);
    const before = this.ended.get(districtId)?.at(-1);
    const unreadable = before === undefined ? {} : this.#unreadableOf(districtId, before.deliveryId);
    const expected = content === null ? null : expectTable(content.delivery, snapshots, unreadable);
    this.#promised.set(syncId, { expected, lookedAt: this.#looks.get(worker) ?? 0 });
  }

  #unreadableOf(districtId: string, deliveryId: string) {
    const content = this.#contentOf(districtId, deliveryId);
    return content === null ? {} : unreadableRows(content.delivery);
  }

  #contentOf(districtId: string, deliveryId: string) {
    const found = this.#versions.exportOf(this.files(districtId, deliveryId));
    return 'mixed' in found ? null : found.content;
  }

  #end({ districtId, syncId, deliveryId }: Sync): void {
    const ended = this.ended.get(districtId) ?? [];
    const order = this.#store.deliveries.of(districtId).get(deliveryId)?.order ?? '';
    const last = ended.at(-1);
    if (ended.some((each) => each.deliveryId === deliveryId)) this.say('once', `${deliveryId} was applied twice`);
    if (last !== undefined && order <= last.order)
      this.say('order', `${deliveryId} after the newer ${last.deliveryId}`);
    const promised = this.#promised.get(syncId) ?? { expected: null, lookedAt: 0 };
    ended.push({ syncId, deliveryId, order, ...promised });
    this.ended.set(districtId, ended);
    this.checkTable(districtId, 'after');
  }

  /** R7, R16: what the engine says of an export is what it is. */
  #checkVerdict(districtId: string, { syncId, deliveryId, state }: Sync): void {
    if (state === 'planning' || state === 'superseded' || state === 'applied') return;
    const content = this.#contentOf(districtId, deliveryId);
    if (content === null) return;
    const dry = this.#store.deliveries.of(districtId).get(deliveryId)?.folder === 'test';
    const allowed = content.damaged ? ['rejected'] : dry ? ['checked'] : ['applying', 'unchanged'];
    if (!allowed.includes(state)) this.say('verdict', `${syncId} is ${state}, not ${allowed.join(' or ')}`);
  }

  #checkProduct(districtId: string, kind: RecordKind, id: string): void {
    const now = this.#store.synced(districtId, kind).get(id)?.productId ?? '';
    const key = `${districtId} ${kind} ${id}`;
    const first = this.#productIds.get(key) ?? now;
    this.#productIds.set(key, first);
    if (first !== now) this.say('product-id', `${key} had ${first} and has ${now}`);
  }
}

/** Moves of a sync (design §4). */
const MOVES: ReadonlySet<string> = new Set([
  'new → planning',
  ...['rejected', 'incomplete', 'unchanged', 'checked', 'held', 'applying', 'superseded'].map(
    (to) => `planning → ${to}`,
  ),
  'applying → applied',
]);

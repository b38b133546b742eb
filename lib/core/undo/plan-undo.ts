import type { FindingLog } from '../oneroster/finding-log.ts';
import { RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import { idOfLine } from '../oneroster/record-line.ts';
import {
  type Change,
  type ChangeCounts,
  type ChangeOp,
  imageOf,
  type RecordImage,
  recordsOf,
  type StoredRecord,
} from '../plan/change.ts';
import { ChangeWriter } from '../plan/change-writer.ts';
import type { PlanInput, PlanWatch } from '../plan/plan-input.ts';
import { type PlanSection, REKEY_SECTION } from '../plan/sections.ts';
import type { UndoRequest } from '../sync/sync.ts';
import { ActiveTargets } from './active-targets.ts';
import { AppliedImages, isImage } from './applied-images.ts';
import { UndoScope } from './undo-scope.ts';

/** What an undo is made of. */
export interface UndoInput {
  readonly request: UndoRequest;
  /** The changes of a kind that the sync applied, pairs included. */
  readonly applied: (kind: RecordKind) => AsyncIterable<readonly Change[]>;
  readonly readTable: PlanInput['readTable'];
  readonly write: PlanInput['write'];
  readonly watch: PlanWatch;
  readonly log: FindingLog;
}

/** What an undo would do. */
export interface UndoPlan {
  readonly changes: Readonly<Record<string, ChangeCounts>>;
  /** Records that changed since: left alone, unless the request forces them. */
  readonly conflicts: number;
  /** Pairs whose productIds go back (R12). */
  readonly pairs: number;
}

/**
 * Plans the undo of an applied sync (R14): each record that still is what the sync made of it becomes what it was before,
 * values included; what the sync added becomes inactive. Pure.
 */
export async function planUndo(input: UndoInput): Promise<UndoPlan> {
  const undoing = new Undoing(input);
  for (const kind of RECORD_KINDS) await undoing.undoKind(kind);
  return undoing.result();
}

class Undoing {
  readonly #in: UndoInput;
  readonly #scope: UndoScope;
  readonly #writer: ChangeWriter;
  readonly #targets = new ActiveTargets();
  #conflicts = 0;
  #pairs = 0;

  constructor(input: UndoInput) {
    this.#in = input;
    this.#scope = new UndoScope(input.request);
    const newProductId = () => {
      throw new Error('an undo adds nothing');
    };
    this.#writer = new ChangeWriter({
      newProductId,
      write: async (section, changes) => {
        input.watch.sawChanges(changes);
        await input.write(section, changes);
      },
    });
  }

  async undoKind(kind: RecordKind): Promise<void> {
    const images = new AppliedImages();
    for await (const batch of this.#in.applied(kind))
      for (const change of batch) {
        this.#targets.sawApplied(change);
        if (this.#scope.includes(change)) images.add(change);
      }
    if (images.isEmpty && !this.#targets.watches(kind)) return;
    const sides = new Map<string, StoredRecord>();
    this.#in.watch.startTable(kind);
    for await (const batch of this.#in.readTable(kind)) {
      this.#in.watch.sawTable(kind, batch);
      for (const record of batch) {
        if (kind === 'user') this.#scope.sawUser(record);
        const id = idOfLine(record.line);
        this.#targets.note(kind, id, record.status);
        if (images.pairs.has(id)) sides.set(id, record);
        else this.#undoRecord(record, images);
      }
      if (this.#writer.full) await this.#writer.flush();
    }
    for (const pair of new Set(images.pairs.values())) this.#undoPair(pair, sides);
    await this.#writer.flush();
  }

  result(): UndoPlan {
    return { changes: this.#writer.counts, conflicts: this.#conflicts, pairs: this.#pairs };
  }

  #undoRecord(record: StoredRecord, images: AppliedImages): void {
    const applied = images.find(idOfLine(record.line));
    if (applied === null) return;
    const target = applied.before ?? { ...imageOf(record), status: 'inactive' as const };
    if (isImage(record, target)) return;
    // A re-key since, or what it would refer to is gone: no force helps.
    const torn = record.movedTo !== applied.after.movedTo || !applied.hasProductId(record.productId);
    const hangs = !this.#targets.allows(record.kind, record, target);
    if (torn || hangs) this.#conflict(record);
    else if (this.#mayUndo(record, isImage(record, applied.after))) this.#write(changeTo(record, target));
  }

  #write(change: Change, section?: PlanSection): void {
    for (const { kind, after } of recordsOf(change)) this.#targets.note(kind, idOfLine(after.line), after.status);
    this.#writer.put(change, section);
  }

  /** A re-key is undone on both sides or on none. */
  #undoPair(pair: Change, sides: ReadonlyMap<string, StoredRecord>): void {
    const partner = pair.partner!;
    const now = sides.get(idOfLine(pair.after.line));
    const old = sides.get(idOfLine(partner.after.line));
    if (now === undefined || old === undefined) return;
    const nowSame = this.#mayUndo(now, isImage(now, pair.after) && now.productId === pair.productId);
    const oldSame = this.#mayUndo(old, isImage(old, partner.after) && old.productId === partner.productId);
    if (!nowSame || !oldSame) return;
    const nowTarget = pair.before ?? { ...imageOf(now), status: 'inactive' as const };
    const change = { ...changeTo(now, nowTarget), productId: old.productId, productIdBefore: now.productId };
    const back = { ...changeTo(old, partner.before!), productId: now.productId, productIdBefore: old.productId };
    this.#write({ ...change, partner: back }, REKEY_SECTION);
    this.#pairs++;
  }

  #mayUndo(record: StoredRecord, unchanged: boolean): boolean {
    if (unchanged || this.#in.request.force) return true;
    this.#conflict(record);
    return false;
  }

  #conflict(record: StoredRecord): void {
    this.#conflicts++;
    this.#in.log.add('undo-conflict', { sourcedId: idOfLine(record.line) });
  }
}

function changeTo(record: StoredRecord, after: RecordImage): Change {
  const { kind, productId } = record;
  return { op: opOf(record.status, after.status), kind, productId, before: imageOf(record), after };
}

function opOf(before: RecordImage['status'], after: RecordImage['status']): ChangeOp {
  if (before === after) return 'update';
  return after === 'active' ? 'reactivate' : 'deactivate';
}

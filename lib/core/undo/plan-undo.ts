import { detached } from '../oneroster/detached.ts';
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
import { type ConflictingRecord, LISTED_RECORDS } from '../sync/command.ts';
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
  /** Changes of the sync that the request is about. */
  readonly asked: number;
  /** Records that are left alone: changed since, unless the request forces them, or not to be set back at all. */
  readonly conflicts: number;
  /** Of those, the ones that no force sets back. */
  readonly beyondForce: number;
  /** The first of them. */
  readonly conflicting: readonly ConflictingRecord[];
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
  readonly #conflicting: ConflictingRecord[] = [];
  #asked = 0;
  #conflicts = 0;
  #beyondForce = 0;
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
        if (!this.#scope.includes(change)) continue;
        this.#asked++;
        images.add(change);
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
    return {
      changes: this.#writer.counts,
      asked: this.#asked,
      conflicts: this.#conflicts,
      beyondForce: this.#beyondForce,
      conflicting: this.#conflicting,
      pairs: this.#pairs,
    };
  }

  #undoRecord(record: StoredRecord, images: AppliedImages): void {
    const applied = images.find(idOfLine(record.line));
    if (applied === null) return;
    const target = applied.before ?? { ...imageOf(record), status: 'inactive' as const };
    if (isImage(record, target)) return;
    // A re-key since, or what it would refer to is gone: no force helps, unless it brings that back.
    const torn = record.movedTo !== applied.after.movedTo || !applied.hasProductId(record.productId);
    const hangs = !this.#targets.allows(record.kind, record, target);
    if (torn || hangs) this.#conflict(record, !torn && this.#targets.allows(record.kind, record, target, true));
    else if (this.#mayUndo(record, target, isImage(record, applied.after))) this.#write(changeTo(record, target));
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
    const nowTarget = pair.before ?? { ...imageOf(now), status: 'inactive' as const };
    const nowSame = this.#mayUndo(now, nowTarget, isImage(now, pair.after) && now.productId === pair.productId);
    const isOld = isImage(old, partner.after) && old.productId === partner.productId;
    const oldSame = this.#mayUndo(old, partner.before!, isOld);
    if (!nowSame || !oldSame) {
      this.#targets.noteForced('user', partner.before!);
      return;
    }
    const change = { ...changeTo(now, nowTarget), productId: old.productId, productIdBefore: now.productId };
    const back = { ...changeTo(old, partner.before!), productId: now.productId, productIdBefore: old.productId };
    this.#write({ ...change, partner: back }, REKEY_SECTION);
    this.#pairs++;
  }

  #mayUndo(record: StoredRecord, target: RecordImage, unchanged: boolean): boolean {
    if (unchanged || this.#in.request.force) return true;
    this.#targets.noteForced(record.kind, target);
    this.#conflict(record, true);
    return false;
  }

  #conflict({ kind, line }: StoredRecord, forceHelps: boolean): void {
    const sourcedId = detached(idOfLine(line));
    this.#conflicts++;
    if (!forceHelps) this.#beyondForce++;
    this.#in.log.add(forceHelps ? 'undo-conflict' : 'undo-impossible', { sourcedId });
    if (this.#conflicting.length < LISTED_RECORDS) this.#conflicting.push({ kind, sourcedId, forceHelps });
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

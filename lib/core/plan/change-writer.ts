import { FILE_OF_KIND, RECORD_KINDS, type RecordKind, type RosterFile } from '../oneroster/kinds.ts';
import { type Change, type ChangeCounts, imageOf, type RecordImage, recordsOf, type StoredRecord } from './change.ts';
import type { PlanInput } from './plan-input.ts';
import { type PlanSection, sectionOf } from './sections.ts';

/** Changes that are kept in memory before they are handed on. */
const BATCH = 500;

/** No record of any kind is looked at: also the counts of a delivery that is not accepted (R7). */
export const noChanges = (): Record<RosterFile, ChangeCounts> =>
  Object.fromEntries(
    RECORD_KINDS.map((kind) => [FILE_OF_KIND[kind], { add: 0, update: 0, deactivate: 0, reactivate: 0, unchanged: 0 }]),
  ) as Record<RosterFile, ChangeCounts>;

/** Counts changes and hands them on in batches, a section each. */
export class ChangeWriter {
  readonly counts: Record<RosterFile, ChangeCounts>;
  readonly #write: PlanInput['write'];
  readonly #newProductId: () => string;
  readonly #batches = new Map<PlanSection, Change[]>();
  #full = false;

  constructor(input: Pick<PlanInput, 'write' | 'newProductId'>) {
    this.#write = input.write;
    this.#newProductId = input.newProductId;
    this.counts = noChanges();
  }

  /** Whether `flush` is due. */
  get full(): boolean {
    return this.#full;
  }

  /** A row of the delivery without a record in the table. */
  add(kind: RecordKind, line: string): void {
    this.#push({ op: 'add', kind, productId: this.#newProductId(), before: null, after: { status: 'active', line } });
  }

  /** A row of the delivery and the record that the table has: unchanged, update or reactivate (R1, R4). */
  settle(record: StoredRecord, equal: boolean, line: () => string): void {
    if (equal && record.sound && record.status === 'active') {
      this.counts[FILE_OF_KIND[record.kind]].unchanged++;
      return;
    }
    const op = record.status === 'active' ? 'update' : 'reactivate';
    this.#push(this.#changeOf(record, op, { status: 'active', line: equal ? record.line : line() }));
  }

  /** The SIS no longer has the record: inactive, never deleted (R4). */
  deactivate(record: StoredRecord): void {
    this.#push(this.#changeOf(record, 'deactivate', { ...imageOf(record), status: 'inactive' }));
  }

  /** A change that somebody else worked out (undo, re-key). */
  put(change: Change, section: PlanSection = sectionOf(change.kind, change.op)): void {
    for (const { kind, op } of recordsOf(change)) this.counts[FILE_OF_KIND[kind]][op]++;
    this.#keep(change, section);
  }

  async flush(): Promise<void> {
    for (const [section, batch] of this.#batches) {
      if (batch.length === 0) continue;
      this.#batches.set(section, []);
      await this.#write(section, batch);
    }
    this.#full = false;
  }

  #push(change: Change): void {
    this.counts[FILE_OF_KIND[change.kind]][change.op]++;
    this.#keep(change, sectionOf(change.kind, change.op));
  }

  #keep(change: Change, section: PlanSection): void {
    const batch = this.#batches.get(section);
    if (batch === undefined) this.#batches.set(section, [change]);
    else if (batch.push(change) >= BATCH) this.#full = true;
  }

  /** A record whose productId was destroyed gets a new one: nobody can say what the old one was. */
  #changeOf(record: StoredRecord, op: Change['op'], after: RecordImage): Change {
    const { kind, productId } = record;
    if (productId !== '') return { op, kind, productId, before: imageOf(record), after };
    return { op, kind, productId: this.#newProductId(), productIdBefore: '', before: imageOf(record), after };
  }
}

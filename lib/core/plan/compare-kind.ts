import { detached } from '../oneroster/detached.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import { nameOf } from '../oneroster/kind-names.ts';
import type { RecordKind } from '../oneroster/kinds.ts';
import { idOfLine, joinLine, valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import type { StoredRecord } from './change.ts';
import type { ChangeWriter } from './change-writer.ts';
import type { KindIndex, ReferenceIndex, Resolution } from './kind-index.ts';
import { ROW_REMOVE, ROW_USABLE } from './row-store.ts';

/** What comparing one kind with the table needs. */
export interface CompareInput {
  readonly index: KindIndex;
  readonly references: ReferenceIndex;
  readonly resolve: (kind: RecordKind, id: string) => Resolution;
  readonly records: AsyncIterable<readonly StoredRecord[]>;
  readonly writer: ChangeWriter;
  readonly log: FindingLog;
  readonly file: string;
  /** R5: rows with an unreadable sourcedId; nothing of this kind is removed. */
  readonly withheld: boolean;
  /** A record that is missing from a delta file and goes with its user all the same (R5b). */
  readonly goesWithUser: (record: StoredRecord) => boolean;
}

/**
 * Streams the table's records of one kind past the rows of its file (R1, R4, R5, R6) and emits what changes.
 * Afterwards the index knows which active records stay, for the references of later kinds.
 */
export async function compareKind(input: CompareInput): Promise<void> {
  const comparison = new Comparison(input);
  comparison.findPending();
  for await (const batch of input.records) {
    for (const record of batch) comparison.meet(record);
    if (input.writer.full) await input.writer.flush();
  }
  comparison.settlePending();
  await comparison.addUnseen();
}

/** The records of a kind whose file is silent: all active ones stay (R6). */
export async function noteStaying(index: KindIndex, records: AsyncIterable<readonly StoredRecord[]>): Promise<void> {
  for await (const batch of records) {
    for (const record of batch) if (record.status === 'active') index.staying.add(detached(idOfLine(record.line)));
  }
}

class Comparison {
  readonly #in: CompareInput;
  /** Table records of rows whose references to their own kind are still open. */
  readonly #stash = new Map<number, StoredRecord>();
  /** Records that stay although their row is damaged: what they refer to stays too. */
  readonly #protected: StoredRecord[] = [];

  constructor(input: CompareInput) {
    this.#in = input;
  }

  /** Marks rows that refer to records of their own kind which are not usable rows of this file. */
  findPending(): void {
    const { index, references } = this.#in;
    const { store } = index;
    for (let i = 0; i < store.count; i++) {
      if (!store.refersToSelf(i) || store.state(i) !== ROW_USABLE) continue;
      if (!this.#selfTargets(store.line(i)).every((id) => references.inDelivery(index.kind, id))) store.markPending(i);
    }
  }

  meet(record: StoredRecord): void {
    const { index, writer } = this.#in;
    const { store } = index;
    const id = idOfLine(record.line);
    const at = store.find(id);
    if (at < 0) {
      this.#meetUnlisted(id, record);
      return;
    }
    store.markSeen(at);
    const state = store.state(at);
    if (state === ROW_USABLE) {
      if (store.isPending(at)) this.#stash.set(at, record);
      else writer.settle(record, store.equals(at, record.line), () => store.line(at));
    } else if (record.status === 'active') {
      if (state === ROW_REMOVE && !this.#in.withheld) this.#remove(id, record);
      else {
        index.staying.add(id);
        this.#protected.push(record);
      }
    }
  }

  #meetUnlisted(id: string, record: StoredRecord): void {
    const { index, withheld } = this.#in;
    if (record.status !== 'active') return;
    const bulk = index.role === 'bulk';
    if (withheld || (!bulk && !this.#in.goesWithUser(record))) index.staying.add(detached(id));
    else if (bulk && index.keepable) index.missing.set(id, record);
    else this.#remove(id, record);
  }

  #remove(id: string, record: StoredRecord): void {
    const { index, writer } = this.#in;
    if (record.kind === 'user' && index.role === 'bulk') index.removedUsers.add(detached(id));
    writer.deactivate(record);
  }

  /** Now that the table is known: references that neither the file nor the table can resolve are dropped (R5b). */
  settlePending(): void {
    const { index, writer, references, log, file } = this.#in;
    const { store } = index;
    for (const record of this.#protected) references.keepTargetsOf(record);
    for (let i = 0; i < store.count; i++) {
      if (!store.isPending(i) || store.state(i) !== ROW_USABLE) continue;
      const line = this.#withoutUnresolved(store.line(i), (column, sourcedId) => {
        const place = { file, row: store.rowOf(i), column, sourcedId };
        log.add('unresolved-reference', place, { column, kind: nameOf(index.kind) }, 'warning');
      });
      const record = this.#stash.get(i);
      if (record === undefined) writer.add(index.kind, line);
      else writer.settle(record, record.line === line, () => line);
    }
  }

  async addUnseen(): Promise<void> {
    const { index, writer, log, file } = this.#in;
    const { store } = index;
    for (let i = 0; i < store.count; i++) {
      if (store.wasSeen(i) || store.isPending(i)) continue;
      const state = store.state(i);
      if (state === ROW_USABLE) writer.add(index.kind, store.line(i));
      else if (state === ROW_REMOVE && index.role === 'delta') {
        log.add('delta-unknown-id', { file, row: store.rowOf(i), sourcedId: idOfLine(store.line(i)) });
      }
      if (writer.full) await writer.flush();
    }
    await writer.flush();
  }

  #selfColumns(): number[] {
    const { kind } = this.#in.index;
    return storedColumnsOf(kind).flatMap((column, i) => (column.target === kind ? [i] : []));
  }

  #selfTargets(line: string): string[] {
    const values = valuesOfLine(line);
    return this.#selfColumns().flatMap((i) => (values[i] ? values[i].split(',') : []));
  }

  #withoutUnresolved(line: string, say: (column: string, sourcedId: string) => void): string {
    const { index, resolve } = this.#in;
    const values = valuesOfLine(line);
    const sourcedId = idOfLine(line);
    for (const i of this.#selfColumns()) {
      if (!values[i]) continue;
      const ids = values[i].split(',');
      const found = ids.filter((id) => ['resolved', 'unknown'].includes(resolve(index.kind, id)));
      if (found.length === ids.length) continue;
      say(storedColumnsOf(index.kind)[i]!.name, sourcedId);
      values[i] = found.join(',');
    }
    return joinLine(sourcedId, values);
  }
}

import type { RecordKind } from '../oneroster/kinds.ts';
import { valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import type { StoredRecord } from './change.ts';
import { ROW_USABLE, type RowStore } from './row-store.ts';

/** How the file of a kind takes part in a delivery. */
export type FileRole =
  /** Read; ids that are missing become inactive (R4). */
  | 'bulk'
  /** Read; only the listed ids change. */
  | 'delta'
  /** Absent, listed absent, or header-only: its records are left alone (R6). */
  | 'silent'
  /** There, but unreadable as a whole: nothing can be said about its records (the delivery is rejected). */
  | 'unreadable';

/** What a reference finds. */
export type Resolution =
  /** R5b: a usable row, or an active record that stays. */
  | 'resolved'
  | 'unresolved'
  /** A user whom this delivery deactivates: their enrollments go with them (R5b). */
  | 'removed-user'
  /** Cannot be decided from what is here. */
  | 'unknown';

/** Kinds of which a missing record is kept while rows still refer to it (R5b). Never users: filters are respected. */
const KEEPABLE: ReadonlySet<RecordKind> = new Set(['org', 'academicSession', 'course', 'class']);

/** Everything about one kind that references of later rows need: the delivery's rows and what of the table stays. */
export class KindIndex {
  readonly kind: RecordKind;
  readonly role: FileRole;
  readonly store: RowStore;
  /** Active records of the table without a usable row here, which this delivery does not remove. */
  readonly staying = new Set<string>();
  /** Active records that are missing from the bulk file: removed at the end unless rows refer to them. */
  readonly missing = new Map<string, StoredRecord>();
  /** Of `missing`: referred to, so kept. Value: how many references were seen. */
  readonly kept = new Map<string, number>();
  /** Users whom a bulk users.csv removes (missing, or tobedeleted). */
  readonly removedUsers = new Set<string>();

  constructor(kind: RecordKind, role: FileRole, store: RowStore) {
    this.kind = kind;
    this.role = role;
    this.store = store;
  }

  /** Whether missing records of this kind wait for references before they are removed. */
  get keepable(): boolean {
    return KEEPABLE.has(this.kind);
  }
}

/** The kinds of one delivery, and how references between them resolve (R5b). */
export class ReferenceIndex {
  readonly #kinds = new Map<RecordKind, KindIndex>();

  set(index: KindIndex): void {
    this.#kinds.set(index.kind, index);
  }

  get(kind: RecordKind): KindIndex | undefined {
    return this.#kinds.get(kind);
  }

  /** A usable row of the delivery itself, whatever the table says. */
  inDelivery(kind: RecordKind, id: string): boolean {
    const store = this.#kinds.get(kind)?.store;
    const at = store?.find(id) ?? -1;
    return at >= 0 && store!.state(at) === ROW_USABLE;
  }

  /** Resolves a reference; a missing record that is referred to is kept from now on. */
  resolve(kind: RecordKind, id: string): Resolution {
    const index = this.#kinds.get(kind);
    if (index === undefined || index.role === 'unreadable') return 'unknown';
    const at = index.store.find(id);
    if (at >= 0 && index.store.state(at) === ROW_USABLE) return 'resolved';
    if (index.staying.has(id)) return 'resolved';
    const missing = index.missing.get(id);
    if (missing !== undefined) {
      this.#keep(index, id, missing);
      return 'resolved';
    }
    return index.removedUsers.has(id) ? 'removed-user' : 'unresolved';
  }

  /**
   * A record that stays in the table although its own row is missing or damaged also needs what it refers to:
   * its missing parents are kept with it.
   */
  keepTargetsOf(record: StoredRecord): void {
    const values = valuesOfLine(record.line);
    storedColumnsOf(record.kind).forEach((column, i) => {
      const index = column.target === undefined ? undefined : this.#kinds.get(column.target);
      const cell = values[i] ?? '';
      if (index === undefined || cell === '') return;
      for (const id of cell.split(',')) {
        const missing = index.missing.get(id);
        if (missing !== undefined) this.#keep(index, id, missing);
      }
    });
  }

  #keep(index: KindIndex, id: string, record: StoredRecord): void {
    const count = index.kept.get(id) ?? 0;
    index.kept.set(id, count + 1);
    if (count === 0) this.keepTargetsOf(record);
  }
}

import { FILE_OF_KIND, RECORD_KINDS, type RecordKind, type RosterFile } from '../../lib/core/oneroster/kinds.ts';
import { idOfLine, joinLine, valuesOfLine } from '../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import type { RecordStatus } from '../../lib/core/plan/change.ts';
import type { ModelTable } from './model-table.ts';
import type { SmallDelivery, SmallRow } from './small-delivery.ts';

/** A record as the model expects it. */
interface Expected {
  readonly status: RecordStatus;
  readonly line: string;
}

/** What all rows of one sourcedId amount to, written as in R4, R5 and R5b. */
type Word =
  | { readonly says: 'is'; readonly values: readonly string[] }
  | { readonly says: 'gone' }
  | { readonly says: 'damaged' };

type Found = 'here' | 'removed-user' | 'nowhere';

const KEEPABLE: readonly RecordKind[] = ['org', 'academicSession', 'course', 'class'];

/**
 * The slow and plain reading of R4 to R6: what the table must be after a delivery. Maps and loops, one kind after the
 * other, no bytes, no streams, nothing shared with the engine but the columns of the standard.
 */
export class RosterModel {
  readonly #delivery: SmallDelivery;
  readonly #table: ModelTable;
  readonly #lastUnreadable: Readonly<Partial<Record<RosterFile, number>>>;
  readonly #words = new Map<RecordKind, Map<string, Word>>();
  readonly #referredTo = new Set<string>();

  constructor(
    delivery: SmallDelivery,
    table: ModelTable,
    lastUnreadable: Readonly<Partial<Record<RosterFile, number>>> = {},
  ) {
    this.#delivery = delivery;
    this.#table = table;
    this.#lastUnreadable = lastUnreadable;
    for (const kind of RECORD_KINDS) this.#words.set(kind, this.#wordsOf(kind));
    for (const kind of RECORD_KINDS) this.#settleSelf(kind);
    this.#keepTargetsOfProtected();
  }

  /** The expected table, without productIds. */
  image(): Record<string, string> {
    const entries: [string, string][] = [];
    for (const kind of RECORD_KINDS) {
      for (const [id, { status, line }] of this.#expected(kind)) {
        entries.push([`${kind} ${id}`, `${status} ${line.replaceAll('\u001f', '|')}`]);
      }
    }
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Whether rows of this kind's file have an unreadable sourcedId, and more of them than last time (R5). */
  withheld(kind: RecordKind): boolean {
    const { mode, rows } = this.#delivery[kind];
    const unreadable = rows.filter((row) => namedBy(row) === null).length;
    return mode === 'bulk' && unreadable > (this.#lastUnreadable[FILE_OF_KIND[kind]] ?? 0);
  }

  #reads(kind: RecordKind): boolean {
    const { mode, rows } = this.#delivery[kind];
    return (mode === 'bulk' || mode === 'delta') && rows.length > 0;
  }

  #expected(kind: RecordKind): Map<string, Expected> {
    const expected = new Map<string, Expected>();
    for (const record of this.#records(kind)) {
      const id = idOfLine(record.line);
      const word = this.#words.get(kind)!.get(id);
      if (word?.says === 'is') expected.set(id, { status: 'active', line: joinLine(id, word.values) });
      else {
        const goes = record.status === 'active' && this.#removes(kind, id);
        expected.set(id, { status: goes ? 'inactive' : record.status, line: record.line });
      }
    }
    for (const [id, word] of this.#words.get(kind)!) {
      if (word.says === 'is') expected.set(id, { status: 'active', line: joinLine(id, word.values) });
    }
    return expected;
  }

  /** Whether this delivery removes an active record. */
  #removes(kind: RecordKind, id: string): boolean {
    if (!this.#reads(kind) || this.withheld(kind)) return false;
    const word = this.#words.get(kind)!.get(id);
    if (word !== undefined) return word.says === 'gone';
    if (this.#delivery[kind].mode === 'bulk') return !this.#referredTo.has(`${kind} ${id}`);
    return this.#belongsToRemovedUser(kind, id);
  }

  #belongsToRemovedUser(kind: RecordKind, id: string): boolean {
    if (kind === 'demographics') return this.#userIsRemoved(id);
    return kind === 'enrollment' && this.#userIsRemoved(this.#stored(kind, id, 'userSourcedId'));
  }

  #userIsRemoved(id: string): boolean {
    const { mode } = this.#delivery.user;
    return mode === 'bulk' && this.#activeInTable('user', id) && this.#removes('user', id);
  }

  /** All rows of a kind by the id that they name. */
  #wordsOf(kind: RecordKind): Map<string, Word> {
    const words = new Map<string, Word>();
    if (!this.#reads(kind)) return words;
    const rows = this.#delivery[kind].rows;
    for (const row of rows) {
      const id = namedBy(row);
      if (id === null || blanksAround(row)) continue;
      const word = this.#wordOf(kind, row);
      const earlier = words.get(id);
      const same = earlier === undefined || JSON.stringify(earlier) === JSON.stringify(word);
      words.set(id, same ? word : { says: 'damaged' });
    }
    // An id with blanks around it may mean the id without: that record is left alone unless a row names it properly.
    for (const row of rows) {
      if (blanksAround(row) && !words.has(row.id)) words.set(row.id, { says: 'damaged' });
    }
    return words;
  }

  #wordOf(kind: RecordKind, row: SmallRow): Word {
    if (row.defect !== null) return { says: 'damaged' };
    if (row.status === 'tobedeleted') return { says: 'gone' };
    let damaged = false;
    let goesWithUser = false;
    if (kind === 'demographics') {
      const found = this.#find('user', row.id);
      damaged = found === 'nowhere';
      goesWithUser = found === 'removed-user';
    }
    const values = storedColumnsOf(kind).map((column) => {
      const { means } = row.cells[column.name] ?? { means: '' };
      if (means === null || means === '') {
        damaged ||= column.required;
        return '';
      }
      if (column.target === undefined || column.target === kind) return means;
      const found = means.split(',').map((id) => [id, this.#find(column.target!, id)] as const);
      const lost = found.filter(([, where]) => where !== 'here');
      if (column.required && lost.some(([, where]) => where === 'nowhere')) damaged = true;
      else if (column.required && lost.length > 0) goesWithUser = true;
      return found.flatMap(([id, where]) => (where === 'here' ? [id] : [])).join(',');
    });
    if (damaged) return { says: 'damaged' };
    return goesWithUser ? { says: 'gone' } : { says: 'is', values };
  }

  /** R5b: a usable row, or an active record that stays; whoever asks for a missing parent keeps it. */
  #find(kind: RecordKind, id: string): Found {
    const word = this.#words.get(kind)!.get(id);
    if (word?.says === 'is') return 'here';
    if (!this.#activeInTable(kind, id)) return 'nowhere';
    if (word === undefined && KEEPABLE.includes(kind)) this.#keep(kind, id);
    if (!this.#removes(kind, id)) return 'here';
    return this.#userIsRemovedAs(kind, id) ? 'removed-user' : 'nowhere';
  }

  #userIsRemovedAs(kind: RecordKind, id: string): boolean {
    return kind === 'user' && this.#userIsRemoved(id);
  }

  /** References of a kind to itself, once all its rows are known. */
  #settleSelf(kind: RecordKind): void {
    const columns = storedColumnsOf(kind);
    for (const [id, word] of this.#words.get(kind)!) {
      if (word.says !== 'is') continue;
      const values = word.values.map((value, i) => {
        if (columns[i]?.target !== kind || value === '') return value;
        return value
          .split(',')
          .filter((target) => this.#find(kind, target) === 'here')
          .join(',');
      });
      this.#words.get(kind)!.set(id, { says: 'is', values });
    }
  }

  /** A record that keeps what the table has because its row is damaged also keeps its parents. */
  #keepTargetsOfProtected(): void {
    for (const kind of RECORD_KINDS) {
      for (const [id, word] of this.#words.get(kind)!) {
        if (word.says === 'is' || !this.#activeInTable(kind, id) || this.#removes(kind, id)) continue;
        this.#keepTargets(kind, id);
      }
    }
  }

  #keep(kind: RecordKind, id: string): void {
    const key = `${kind} ${id}`;
    if (this.#referredTo.has(key)) return;
    this.#referredTo.add(key);
    if (this.#delivery[kind].mode === 'bulk' && this.#reads(kind) && !this.withheld(kind)) this.#keepTargets(kind, id);
  }

  #keepTargets(kind: RecordKind, id: string): void {
    for (const column of storedColumnsOf(kind)) {
      if (column.target === undefined || !KEEPABLE.includes(column.target)) continue;
      for (const target of this.#stored(kind, id, column.name).split(',')) {
        if (this.#activeInTable(column.target, target) && !this.#words.get(column.target)!.has(target)) {
          this.#keep(column.target, target);
        }
      }
    }
  }

  #records(kind: RecordKind) {
    return this.#table.all().filter((record) => record.kind === kind);
  }

  #activeInTable(kind: RecordKind, id: string): boolean {
    return this.#table.get(kind, id)?.status === 'active';
  }

  #stored(kind: RecordKind, id: string, column: string): string {
    const record = this.#table.get(kind, id);
    const index = storedColumnsOf(kind).findIndex(({ name }) => name === column);
    return record === undefined ? '' : (valuesOfLine(record.line)[index] ?? '');
  }
}

/** The id that a row names; null where nobody can tell (R5). */
export function namedBy({ id, defect }: SmallRow): string | null {
  return defect === 'id-missing' || defect === 'id-control' || defect === 'id-scientific' ? null : id;
}

const blanksAround = ({ defect }: SmallRow): boolean => defect === 'blank-before-id' || defect === 'blank-after-id';

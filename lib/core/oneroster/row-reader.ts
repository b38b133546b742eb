import type { FileRow } from '../delivery/table-file.ts';
import type { Resolution } from '../plan/kind-index.ts';
import { isBlank } from './blank-cell.ts';
import { type CellReading, readerOf } from './cells.ts';
import type { FindingCode } from './finding-codes.ts';
import type { FindingLog } from './finding-log.ts';
import { mayHoldMore } from './glued-rows.ts';
import type { Header } from './header.ts';
import { idProblem } from './ids.ts';
import type { RecordKind } from './kinds.ts';
import { joinLine } from './record-line.ts';
import { RowTargets, type TargetVerdict } from './row-targets.ts';
import type { Column } from './tables.ts';

/** What became of one row. */
export type RowOutcome =
  /** A record as it should be. */
  | 'usable'
  /** Only says that its record is gone (R4). */
  | 'remove'
  /** Has an error: the record that it names keeps what the table has (R5). */
  | 'damaged'
  /** Its only fault is a user whom this delivery removes: its record goes with them (R5b). */
  | 'remove-with-user'
  /** Has an error, and nobody knows whom it names (R5). */
  | 'unreadable';

/** One row, read. The same object is filled again for every row of a file. */
export interface RowReading {
  outcome: RowOutcome;
  sourcedId: string;
  /** Another id that the row may mean (blanks around it): that record is protected too. */
  alsoMeans: string | null;
  /** The line may hold further rows that ran into this one: nobody knows whom else it names (R5). */
  holdsMore: boolean;
  /** Record line; '' unless usable. */
  line: string;
  values: string[];
  /** Refers to records of its own kind; decided when the whole file is known. */
  refersToSelf: boolean;
  /** The file ends within this row (R16). */
  cut: boolean;
}

/** Where 1.2 keeps what 1.1 has in users.csv: `orgSourcedIds` and `role` of a user (R9). */
export interface DerivedCells {
  /**
   * '' where a user has no role; null where a row of theirs in roles.csv has an error, which theirs shares (R5);
   * undefined where it cannot be known here.
   */
  readonly cell: (sourcedId: string, column: string) => string | null | undefined;
}

export interface RowReaderInput {
  /** `role`: rows of a 1.2 roles.csv, which are no records of their own. */
  readonly kind: RecordKind | 'role';
  readonly file: string;
  readonly mode: 'bulk' | 'delta';
  readonly header: Header;
  readonly log: FindingLog;
  readonly resolve: (kind: RecordKind, id: string) => Resolution;
  readonly derived?: DerivedCells;
  /** The columns to read by; versions differ in their vocabularies. */
  readonly columns: readonly Column[];
}

interface Slot {
  readonly column: Column;
  /** -1: not in this file. */
  readonly index: number;
  readonly read: (cell: string, out: CellReading) => void;
  /** The last value all of whose targets resolved. */
  lastTarget: string;
}

/** Reads the rows of one file (R4, R5, R5b, R8, R8b, R10). */
export class RowReader {
  readonly #in: RowReaderInput;
  readonly #slots: Slot[];
  readonly #id: number;
  readonly #status: number;
  readonly #modified: number;
  readonly #cell: CellReading = { value: '', bad: null, odd: null };
  readonly #out: RowReading;
  readonly #targets: RowTargets;
  #bulkFilled = false;

  constructor(input: RowReaderInput) {
    this.#in = input;
    this.#targets = new RowTargets(input);
    const indexOf = (name: string) => input.header.indexOf.get(name) ?? -1;
    this.#id = indexOf('sourcedId');
    this.#status = indexOf('status');
    this.#modified = indexOf('dateLastModified');
    this.#slots = input.columns.map((column) => ({
      column,
      index: indexOf(column.name),
      read: readerOf(column),
      lastTarget: '',
    }));
    const values = this.#slots.map(() => '');
    this.#out = {
      outcome: 'usable',
      sourcedId: '',
      alsoMeans: null,
      holdsMore: false,
      line: '',
      values,
      refersToSelf: false,
      cut: false,
    };
  }

  read(row: FileRow): RowReading {
    const out = this.#out;
    out.outcome = 'usable';
    out.sourcedId = '';
    out.alsoMeans = null;
    out.holdsMore = false;
    out.line = '';
    out.refersToSelf = false;
    out.cut = false;
    if (!this.#readShape(row, out) || !this.#readId(row, out)) return out;
    const status = this.#readStatus(row, out);
    if (status !== 'active') {
      out.outcome = status;
      return out;
    }
    this.#readColumns(row, out);
    if (out.outcome === 'usable') out.line = joinLine(out.sourcedId, out.values);
    return out;
  }

  /** Quotes, length and width. False: the row ends here. */
  #readShape(row: FileRow, out: RowReading): boolean {
    const { width } = this.#in.header;
    if (row.fault === null && row.cells.length === width) return true;
    const id = this.#idBeforeFault(row);
    out.outcome = id === null ? 'unreadable' : 'damaged';
    out.sourcedId = id ?? '';
    out.holdsMore = id !== null && mayHoldMore(row, width);
    if (row.fault !== null) this.#report(row.fault, row, null);
    else if (row.unterminated && row.cells.length < width) out.cut = true;
    else this.#report('row-width', row, null, { count: row.cells.length, expected: width });
    return false;
  }

  /** The id of a row whose cells may be shifted: sound only if it is the first cell and something follows it. */
  #idBeforeFault(row: FileRow): string | null {
    if (this.#id !== 0 || row.cells.length < (row.fault === null ? 2 : 1)) return null;
    const id = row.cells[0]!;
    return idProblem(id) === null ? id : null;
  }

  #readId(row: FileRow, out: RowReading): boolean {
    const id = row.cells[this.#id]!;
    const problem = id === 'NULL' ? 'id-missing' : idProblem(id);
    if (problem === null) {
      out.sourcedId = id;
      return true;
    }
    const meant = problem === 'id-blanks' ? id.trim() : null;
    const readable = meant !== null || problem === 'id-too-long';
    out.outcome = readable ? 'damaged' : 'unreadable';
    out.sourcedId = problem === 'id-blanks' ? id : '';
    out.alsoMeans = meant;
    if (problem === 'id-too-long') out.outcome = 'damaged';
    this.#report(problem, row, 'sourcedId');
    return false;
  }

  #readStatus(row: FileRow, out: RowReading): 'active' | 'remove' | 'damaged' {
    const delta = this.#in.mode === 'delta';
    const cell = this.#status < 0 ? '' : row.cells[this.#status]!;
    if (delta && this.#modified >= 0 && row.cells[this.#modified] === '') {
      this.#once('delta-modified-blank', row, 'dateLastModified');
    }
    if (cell === 'NULL') {
      this.#once('literal-null', row, 'status');
      return 'active';
    }
    if (cell === '') {
      if (delta) this.#once('delta-status-blank', row, 'status');
      else if (this.#modified >= 0 && row.cells[this.#modified] !== '') this.#sayFilled(row);
      return 'active';
    }
    if (!delta) this.#sayFilled(row);
    if (cell === 'active') return 'active';
    if (cell === 'tobedeleted') return 'remove';
    const meant = cell.trim().toLowerCase();
    if (meant === 'active' || meant === 'tobedeleted') {
      this.#once('wrong-case', row, 'status');
      return meant === 'active' ? 'active' : 'remove';
    }
    if (meant === 'inactive') {
      this.#in.log.add('inactive-status', { ...this.#place(row, 'status'), sourcedId: out.sourcedId });
      return 'remove';
    }
    this.#report('bad-status', row, 'status', {}, out.sourcedId);
    return 'damaged';
  }

  #sayFilled(row: FileRow): void {
    if (this.#bulkFilled) return;
    this.#bulkFilled = true;
    this.#in.log.addOnce('filled-in-bulk', this.#place(row, null));
  }

  /** All columns are read even after an error: the user sees every fault, and every reference keeps its target. */
  #readColumns(row: FileRow, out: RowReading): void {
    let userRemoved = false;
    let failed = false;
    if (this.#in.kind === 'demographics') {
      const owner = this.#targets.checkOwner(row, out);
      userRemoved = owner === 'removed-user';
      failed = owner === 'unresolved';
    }
    const last = this.#in.header.width - 1;
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      const verdict = this.#readColumn(row, slot, out, i);
      if (verdict === 'ok') continue;
      if (verdict === 'removed-user') userRemoved = true;
      else failed = true;
      // A reference that resolves to nothing may just be wrong; a cell that cannot be read was probably cut.
      if (row.unterminated && slot.index === last && verdict === 'bad') out.cut = true;
    }
    if (failed) out.outcome = 'damaged';
    else if (userRemoved) out.outcome = 'remove-with-user';
  }

  #readColumn(row: FileRow, slot: Slot, out: RowReading, i: number): 'bad' | TargetVerdict {
    const { column, index } = slot;
    out.values[i] = '';
    const raw = index >= 0 ? row.cells[index]! : this.#derived(row, column, out);
    if (typeof raw !== 'string') return raw.verdict;
    if (raw === '' || isBlank(raw)) return column.required ? this.#fail('required-missing', row, column, out) : 'ok';
    // A person may be called NULL; in a cell that may be blank the word is an exporter's blank.
    if (raw === 'NULL' && !column.required) {
      this.#once('literal-null', row, column.name);
      return 'ok';
    }
    const cell = this.#cell;
    cell.value = '';
    cell.bad = null;
    cell.odd = null;
    slot.read(raw, cell);
    if (cell.bad !== null) return this.#badCell(cell.bad, row, column, out);
    if (cell.odd !== null) this.#once(cell.odd, row, column.name);
    if (cell.value === '' && column.required) return this.#fail('required-missing', row, column, out);
    out.values[i] = cell.value;
    return column.target === undefined || cell.value === '' ? 'ok' : this.#targets.check(row, slot, out, i);
  }

  /** The cell of a column that this file does not have, or the verdict where it cannot be known. */
  #derived(row: FileRow, column: Column, out: RowReading): string | { readonly verdict: 'ok' | 'bad' } {
    const { derived } = this.#in;
    if (derived === undefined || !column.required) return '';
    const cell = derived.cell(out.sourcedId, column.name);
    if (cell) return cell;
    if (cell === undefined) {
      this.#once('references-not-checked', row, column.name);
      return { verdict: 'ok' };
    }
    // Said once for the user, not for each of the two columns.
    const code = cell === null ? 'role-row-damaged' : 'role-missing';
    if (column.name === 'role') this.#report(code, row, null, {}, out.sourcedId);
    return { verdict: 'bad' };
  }

  #badCell(code: FindingCode, row: FileRow, column: Column, out: RowReading): 'ok' | 'bad' {
    const params = { column: column.name, values: (column.values ?? []).join(', ') };
    const severity = column.required ? 'error' : 'warning';
    const place = { ...this.#place(row, column.name), sourcedId: out.sourcedId };
    this.#in.log.add(code, place, params, severity);
    const { indexOf, width } = this.#in.header;
    if (!column.required && row.unterminated && indexOf.get(column.name) === width - 1) out.cut = true;
    return column.required ? 'bad' : 'ok';
  }

  #fail(code: FindingCode, row: FileRow, column: Column, out: RowReading): 'bad' {
    this.#report(code, row, column.name, { column: column.name }, out.sourcedId);
    return 'bad';
  }

  #report(code: FindingCode, row: FileRow, column: string | null, params = {}, sourcedId: string | null = null): void {
    this.#in.log.add(code, { ...this.#place(row, column), sourcedId }, params, 'error');
  }

  #once(code: FindingCode, row: FileRow, column: string): void {
    this.#in.log.addOnce(code, this.#place(row, column), { column });
  }

  #place(row: FileRow, column: string | null) {
    return { file: this.#in.file, row: row.row, column };
  }
}

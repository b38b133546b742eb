import type { FileRow, TableEvent } from '../delivery/table-file.ts';
import { detached } from '../oneroster/detached.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import { FIELD_SEPARATOR } from '../oneroster/record-line.ts';
import type { RowReader, RowReading } from '../oneroster/row-reader.ts';
import { ROW_DAMAGED, ROW_REMOVE, ROW_USABLE, RowStore } from './row-store.ts';

/** How the rows of a file did. */
export interface RowTotals {
  rows: number;
  valid: number;
  errors: number;
  /** Rows that nobody can tell whom they name (R5). */
  unreadable: number;
  /** Whether the last line of the file had its end; absent until the file was read. */
  endsWithLineEnd?: boolean;
}

/** Takes the rows of a file as they are read. */
export interface RowTaker {
  readonly totals: RowTotals;
  /** Takes the next row. `cut`: the file ends within it, nothing after it can be trusted (R16). */
  take(row: FileRow): 'taken' | 'cut';
  /** After the last row. */
  finish(): void;
}

/** The rows of one file: gathered by sourcedId, equal duplicates once, conflicting ones all errors (R5b). */
export class RowGatherer implements RowTaker {
  readonly store = new RowStore();
  readonly totals: RowTotals = { rows: 0, valid: 0, errors: 0, unreadable: 0 };
  readonly #reader: RowReader;
  readonly #file: string;
  readonly #log: FindingLog;
  readonly #observe: (row: number, reading: RowReading) => void;
  /** Equal repetitions of a row, those that counted as valid. */
  readonly #repeats = new Map<number, number>();
  /** Rows that count as errors although their state is `ROW_REMOVE` (they go with their user). */
  readonly #removedAsErrors = new Set<number>();
  /** Ids that a row with blanks around its id may mean, and that row. */
  readonly #alsoMeant = new Map<string, number>();

  constructor(reader: RowReader, file: string, log: FindingLog, observe: (row: number, reading: RowReading) => void) {
    this.#reader = reader;
    this.#file = file;
    this.#log = log;
    this.#observe = observe;
  }

  take(row: FileRow): 'taken' | 'cut' {
    const reading = this.#reader.read(row);
    if (reading.cut) return 'cut';
    this.totals.rows++;
    switch (reading.outcome) {
      case 'usable':
        this.#place(reading, reading.line, ROW_USABLE, row.row);
        break;
      case 'remove':
      case 'remove-with-user':
        this.#place(reading, reading.sourcedId + FIELD_SEPARATOR, ROW_REMOVE, row.row);
        break;
      case 'damaged':
        this.totals.errors++;
        if (reading.holdsMore) this.totals.unreadable++;
        this.#protect(reading.sourcedId, row.row);
        if (reading.alsoMeans !== null) this.#alsoMeant.set(detached(reading.alsoMeans), row.row);
        break;
      case 'unreadable':
        this.totals.errors++;
        this.totals.unreadable++;
        break;
    }
    return 'taken';
  }

  #place(reading: RowReading, line: string, state: number, row: number): void {
    const { sourcedId } = reading;
    const asError = reading.outcome === 'remove-with-user';
    const index = this.store.find(sourcedId);
    if (index < 0) {
      const at = this.store.append(sourcedId, line, state, row);
      if (reading.refersToSelf) this.store.markSelf(at);
      if (asError) this.#removedAsErrors.add(at);
    } else if (this.store.state(index) === state && this.store.equals(index, line)) {
      this.#log.add('duplicate-row', { file: this.#file, row, sourcedId });
      if (!asError) this.#repeats.set(index, (this.#repeats.get(index) ?? 0) + 1);
    } else {
      this.#conflict(index, sourcedId);
      this.#log.add('duplicate-id', { file: this.#file, row, column: 'sourcedId', sourcedId });
      this.totals.errors++;
      return;
    }
    if (asError) this.totals.errors++;
    else this.totals.valid++;
    if (index < 0 && state === ROW_USABLE) this.#observe(row, reading);
  }

  /** A damaged row: its record keeps what the table has, also against a sound row of the same id (R5). */
  #protect(sourcedId: string, row: number): void {
    if (sourcedId === '') return;
    const index = this.store.find(sourcedId);
    if (index < 0) this.store.append(sourcedId, sourcedId + FIELD_SEPARATOR, ROW_DAMAGED, row);
    else this.#conflict(index, sourcedId);
  }

  /** After the last row: an id that only a row with blanks around it may mean is left alone, wherever that row stood. */
  finish(): void {
    for (const [sourcedId, row] of this.#alsoMeant) if (this.store.find(sourcedId) < 0) this.#protect(sourcedId, row);
  }

  /** The rows that were taken for sound under this id turn out not to be. */
  #conflict(index: number, sourcedId: string): void {
    if (this.store.state(index) === ROW_DAMAGED) return;
    const counted = (this.#removedAsErrors.has(index) ? 0 : 1) + (this.#repeats.get(index) ?? 0);
    this.totals.valid -= counted;
    this.totals.errors += counted;
    this.store.setState(index, ROW_DAMAGED);
    this.#log.add('duplicate-id', { file: this.#file, row: this.store.rowOf(index), column: 'sourcedId', sourcedId });
  }
}

/** Reads all data rows of a file. False: the file is unreadable as a whole (R7, R16), and the log says why. */
export async function readRows(
  events: AsyncIterable<TableEvent>,
  taker: RowTaker,
  file: string,
  log: FindingLog,
  onRows: (rows: number) => void,
): Promise<boolean> {
  let header = true;
  for await (const event of events) {
    if (event.type === 'fault') {
      const likely = event.likelyEncoding === undefined ? '' : `; it looks like ${event.likelyEncoding}`;
      log.add(event.code, { file, row: event.row }, { likely });
      return false;
    }
    if (event.type === 'end') {
      sayDialect(event.dialect, file, log);
      taker.totals.endsWithLineEnd = event.dialect.endsWithLineEnd;
      continue;
    }
    for (const row of event.rows) {
      if (header) {
        header = false;
        continue;
      }
      if (taker.take(row) === 'cut') {
        log.add('file-cut', { file, row: row.row });
        return false;
      }
    }
    onRows(taker.totals.rows);
  }
  taker.finish();
  return true;
}

/** R8: said once for each file. */
function sayDialect(dialect: Extract<TableEvent, { type: 'end' }>['dialect'], file: string, log: FindingLog): void {
  if (dialect.encoding !== 'utf-8') log.add('utf-16', { file });
  else if (dialect.byteOrderMark) log.add('byte-order-mark', { file });
  if (dialect.lineEnd === 'mixed') log.add('mixed-line-ends', { file });
  if (dialect.blankLines > 0) log.add('blank-lines', { file });
}

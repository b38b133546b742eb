import type { FindingCode } from './finding-codes.ts';
import { idProblem } from './ids.ts';
import { type Column, GRADES } from './tables.ts';

/** What reading one cell gives: its canonical value, or why it cannot be read; and what was odd but readable. */
export interface CellReading {
  /** Canonical value; '' when blank. */
  value: string;
  /** The cell cannot be read: an error in a required column, a warning and blank in an optional one (R8b). */
  bad: FindingCode | null;
  /** Read as meant; said once for each file and column (R8). */
  odd: FindingCode | null;
}

type Reader = (cell: string, out: CellReading) => void;

const CONTROL = /[\u0000-\u001f\u007f]/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?$/;
/** A date alone, or with a time of day (a leap second included) and a zone. */
const DATE_TIME =
  /^\d{4}-\d{2}-\d{2}(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const USER_ID = /^\{[^{}:]*:[^{}]*\}$/;
const GRADE_SET: ReadonlySet<string> = new Set(GRADES);
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether YYYY-MM-DD names a day that exists. */
export function isRealDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] ?? 0)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/**
 * Makes the reader of a column (OneRoster CSV §3, data types). The reader fills `out`; a blank cell is never bad here:
 * whether blank is allowed is the row's business.
 */
export function readerOf(column: Column): Reader {
  switch (column.type) {
    case 'string':
      return readString;
    case 'stringList':
      return readStringList;
    case 'grade':
    case 'gradeList':
      return readGrades;
    case 'userIdList':
      return readUserIds;
    case 'enumeration':
      return enumerationReader(column.values ?? [], 'bad-enumeration', column.open === true);
    case 'boolean':
      return enumerationReader(['true', 'false'], 'bad-boolean');
    case 'date':
      return dateReader();
    case 'dateTime':
      return readDateTime;
    case 'year':
      return readYear;
    case 'id':
    case 'reference':
      return readReference;
    case 'referenceList':
      return readReferenceList;
  }
}

const readString: Reader = (cell, out) => {
  if (CONTROL.test(cell)) out.bad = 'control-character';
  out.value = cell;
};

/** Splits a list cell, trimming blanks after the comma (R8); null where an item is empty. */
function splitList(cell: string): string[] | null {
  const items = cell.split(',');
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!.trim();
    if (item === '') return null;
    items[i] = item;
  }
  return items;
}

const readStringList: Reader = (cell, out) => {
  if (CONTROL.test(cell)) {
    out.bad = 'control-character';
    return;
  }
  const items = splitList(cell);
  if (items === null) out.bad = 'bad-list';
  else out.value = items.length === 1 ? items[0]! : items.join(',');
};

const readGrades: Reader = (cell, out) => {
  readStringList(cell, out);
  if (out.bad !== null || GRADE_SET.has(out.value)) return;
  if (!out.value.split(',').every((grade) => GRADE_SET.has(grade))) out.odd = 'grade-vocabulary';
};

const readUserIds: Reader = (cell, out) => {
  readStringList(cell, out);
  if (out.bad === null && !out.value.split(',').every((item) => USER_ID.test(item))) out.bad = 'bad-user-id';
};

/** A vendor's own word in an open vocabulary of 1.2; short, because some of them stand in keys. */
const VENDOR_WORD = /^ext:([A-Za-z0-9._-]{1,64})$/i;

function enumerationReader(values: readonly string[], bad: FindingCode, open = false): Reader {
  const exact = new Set(values);
  const folded = new Map(values.map((value) => [value.toLowerCase(), value]));
  let last = '';
  return (cell, out) => {
    if (cell === last || exact.has(cell)) {
      last = cell;
      out.value = cell;
      return;
    }
    const word = open ? VENDOR_WORD.exec(cell.trim())?.[1] : undefined;
    const meant = word === undefined ? folded.get(cell.trim().toLowerCase()) : `ext:${word}`;
    if (meant === undefined) {
      out.bad = bad;
      return;
    }
    out.value = meant;
    if (meant !== cell) out.odd = 'wrong-case';
  };
}

/** Most rows carry the date of the row before: one that was just read in this column need not be read again. */
function dateReader(): Reader {
  let last = '';
  return (cell, out) => {
    if (cell === last || isRealDate(cell)) {
      last = cell;
      out.value = cell;
      return;
    }
    const midnight = MIDNIGHT.exec(cell)?.[1];
    if (midnight !== undefined && isRealDate(midnight)) {
      out.value = midnight;
      out.odd = 'date-with-time';
    } else out.bad = 'bad-date';
  };
}

const readDateTime: Reader = (cell, out) => {
  if (DATE_TIME.test(cell) && isRealDate(cell.slice(0, 10))) out.value = cell;
  else out.bad = 'bad-date-time';
};

const readYear: Reader = (cell, out) => {
  if (/^\d{4}$/.test(cell)) out.value = cell;
  else out.bad = 'bad-year';
};

const readReference: Reader = (cell, out) => {
  if (idProblem(cell) === null) out.value = cell;
  else out.bad = 'bad-reference';
};

const readReferenceList: Reader = (cell, out) => {
  const items = splitList(cell);
  if (items === null) out.bad = 'bad-list';
  else if (items.some((item) => idProblem(item) !== null)) out.bad = 'bad-reference';
  else out.value = items.length === 1 ? items[0]! : items.join(',');
};

import type { FindingCode } from '../../../lib/core/oneroster/finding-codes.ts';
import { type Column, type ColumnType, GRADES } from '../../../lib/core/oneroster/tables.ts';

/** Cells of one column type: what they are read as, what is said of them, or why they cannot be read. */
export interface CellCases {
  /** As written, and as stored. */
  readonly good: readonly (readonly [string, string])[];
  /** Readable, with a finding once for each file and column. */
  readonly odd: readonly (readonly [string, string, FindingCode])[];
  readonly bad: readonly (readonly [string, FindingCode])[];
}

const same = (...cells: readonly string[]) => cells.map((cell) => [cell, cell] as const);
const bad = (code: FindingCode, ...cells: readonly string[]) => cells.map((cell) => [cell, code] as const);

const CONTROL = bad('control-character', 'bell\u0007', 'separator\u001f', 'delete\u007f');
const IDS = bad('bad-reference', ' school', 'school ', '\u00a0school', '1.23E+11', 'tab\tinside', 'x'.repeat(256));

const DATES: CellCases = {
  good: same('2026-08-15', '2028-02-29', '2000-02-29', '1999-12-31'),
  odd: [
    ['2026-08-15T00:00:00Z', '2026-08-15', 'date-with-time'],
    ['2026-08-15 00:00:00', '2026-08-15', 'date-with-time'],
    ['2026-08-15T00:00:00.000Z', '2026-08-15', 'date-with-time'],
  ],
  bad: bad(
    'bad-date',
    ...['2027-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'],
    ...['8/15/2026', '15.08.2026', '2026-8-15', '20260815', '46249', '2026-08-15T08:30:00Z', 'today'],
  ),
};

const NUMBERS_OF_A_YEAR = ['26', '2026/27', '2026-2027', '20 26', 'FY27'];

const BY_TYPE: Readonly<Record<Exclude<ColumnType, 'enumeration' | 'id'>, CellCases>> = {
  string: {
    good: same('Zoë "Z" Lee', 'a,b', '李', ' kept as it is ', '=1+1', 'x'.repeat(255), 'y'.repeat(300)),
    odd: [],
    bad: CONTROL,
  },
  stringList: {
    good: [...same('a', 'a,b,c', 'Ä b'), ['a, b ,c', 'a,b,c']],
    odd: [],
    bad: [...bad('bad-list', 'a,,b', ',a', 'a,', ' , '), ...CONTROL],
  },
  grade: { good: same(...GRADES), odd: [['7', '7', 'grade-vocabulary']], bad: bad('bad-list', '07,,08') },
  gradeList: {
    good: [...same('KG', '01,02,03'), ['07, 08', '07,08']],
    odd: [
      ['7', '7', 'grade-vocabulary'],
      ['07,Seventh', '07,Seventh', 'grade-vocabulary'],
    ],
    bad: bad('bad-list', '07,,08'),
  },
  userIdList: {
    good: [...same('{LDAP:x}', '{LDAP:x},{Fed:y z}'), ['{LDAP:x}, {Fed:y}', '{LDAP:x},{Fed:y}']],
    odd: [],
    bad: [...bad('bad-user-id', '12345', '{LDAP}', '{LDAP:x},y', '[]'), ...bad('bad-list', '{LDAP:x},,{Fed:y}')],
  },
  boolean: {
    good: same('true', 'false'),
    odd: [
      ['TRUE', 'true', 'wrong-case'],
      ['False', 'false', 'wrong-case'],
    ],
    bad: bad('bad-boolean', 'yes', '1', '0', 't', 'truefalse'),
  },
  date: DATES,
  dateTime: { good: same('2026-08-01', '2026-08-01T06:30:00.000Z'), odd: [], bad: bad('bad-date-time', '8/1/2026') },
  year: { good: same('2027', '1999'), odd: [], bad: bad('bad-year', ...NUMBERS_OF_A_YEAR) },
  reference: { good: [], odd: [], bad: IDS },
  referenceList: {
    good: [],
    odd: [],
    bad: [...IDS.filter(([cell]) => cell.trim() === cell), ...bad('bad-list', 'a,,b', ',a', 'a,')],
  },
};

/** The cases of a column. Ids that references may have are a matter of their own. */
export function cellCasesOf(column: Column): CellCases {
  if (column.type === 'id') return { good: [], odd: [], bad: [] };
  if (column.type !== 'enumeration') return BY_TYPE[column.type];
  const values = column.values ?? [];
  return {
    good: same(...values),
    odd: values.map((value) => [value.toUpperCase(), value, 'wrong-case']),
    bad: bad('bad-enumeration', 'perhaps', 'ext:perhaps', `${values[0]}s`, values.slice(0, 2).join(',')),
  };
}

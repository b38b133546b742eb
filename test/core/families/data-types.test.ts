import type { FindingCode } from '../../../lib/core/oneroster/finding-codes.ts';
import { KIND_OF_FILE, type RosterFile } from '../../../lib/core/oneroster/kinds.ts';
import { type Column, TABLES } from '../../../lib/core/oneroster/tables.ts';
import { EXPORT, FILES, planOf, subjectId, subjectRow, withCells } from '../../support/small-upload.ts';
import { cellCasesOf } from './cells-by-type.ts';

/** A cell of one column, and what becomes of it. */
interface Case {
  readonly title: string;
  readonly cell: string;
  readonly code: FindingCode | null;
  /** As stored; null where the row is an error. */
  readonly value: string | null;
}

/** 1EdTech case families: required data, data types, enumerations and lists, for every column of every file. */
const COLUMNS = FILES.flatMap((file) =>
  TABLES[KIND_OF_FILE[file]].columns.map((column): [RosterFile, string, Column] => [file, column.name, column]),
);

function casesOf(column: Column): readonly Case[] {
  const { good, odd, bad } = cellCasesOf(column);
  const lost = column.required ? null : '';
  if (!column.stored) {
    return ['', 'anything', 'bell\u0007'].map((cell) => ({
      title: `${cell}: read for nothing`,
      cell,
      code: null,
      value: '',
    }));
  }
  return [
    ...good.map(([cell, value]) => ({ title: `${shown(cell)} is read`, cell, code: null, value })),
    ...odd.map(([cell, value, code]) => ({ title: `${cell} is read as ${value}: ${code}`, cell, code, value })),
    ...bad.map(([cell, code]) => ({ title: `${shown(cell)} is bad: ${code}`, cell, code, value: lost })),
    { title: 'blank', cell: '', code: column.required ? 'required-missing' : null, value: lost },
    caseOfNull(column),
  ];
}

/** In a cell that may be blank the word is an exporter's blank. Elsewhere it is a text like any other. */
function caseOfNull(column: Column): Case {
  const title = 'the word NULL';
  if (!column.required) return { title, cell: 'NULL', code: 'literal-null', value: '' };
  if (column.type === 'string') return { title, cell: 'NULL', code: null, value: 'NULL' };
  const code: Partial<Record<Column['type'], FindingCode>> = {
    enumeration: 'bad-enumeration',
    boolean: 'bad-boolean',
    date: 'bad-date',
    year: 'bad-year',
    reference: 'unresolved-reference',
    referenceList: 'unresolved-reference',
  };
  return { title, cell: 'NULL', code: code[column.type] ?? null, value: null };
}

const shown = (cell: string): string => (cell.length > 40 ? `${cell.slice(0, 8)}… (${cell.length})` : cell);

test('the export that every case starts from has no finding, and every row of it is planned', async () => {
  const { result, said } = await planOf(EXPORT);
  expect(said).toEqual([]);
  expect(result.verdict).toBe('accepted');
  for (const file of FILES) {
    expect(result.files[file]).toMatchObject({ rows: subjectRow(file) - 1, errors: 0 });
    expect(result.changes[file].add).toBe(subjectRow(file) - 1);
  }
});

describe.each(COLUMNS)('R8b: %s.%s', (file, name, column) => {
  const row = subjectRow(file);

  test.each(casesOf(column))('$title', async ({ cell, code, value }) => {
    const outcome = await planOf(withCells(EXPORT, file, { [name]: cell }));
    const severity = value === null ? 'error' : 'warning';
    expect(outcome.result.verdict).toBe('accepted');
    expect(outcome.said).toEqual(code === null ? [] : [`${severity} ${code} ${file}.csv ${row} ${name}`]);
    const errors = value === null ? 1 : 0;
    expect(outcome.result.files[file]).toMatchObject({ rows: row - 1, valid: row - 1 - errors, errors });
    const record = outcome.record(file, subjectId(file));
    if (value === null) expect(record).toBeNull();
    else expect(record?.[name]).toBe(column.stored ? value : undefined);
  });
});

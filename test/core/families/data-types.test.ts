import { KIND_OF_FILE, type RosterFile } from '../../../lib/core/oneroster/kinds.ts';
import { type Column, TABLES } from '../../../lib/core/oneroster/tables.ts';
import { EXPORT, FILES, planOf, subjectId, subjectRow, withCells } from '../../support/small-upload.ts';
import { cellCasesOf } from './cells-by-type.ts';

/** 1EdTech case family: data types, enumerations, lists. Every column of every file, by its type. */
const COLUMNS: [RosterFile, string, Column][] = FILES.flatMap((file) =>
  TABLES[KIND_OF_FILE[file]].columns.map((column): [RosterFile, string, Column] => [file, column.name, column]),
);
const shown = (cell: string): string => (cell.length > 40 ? `${cell.slice(0, 8)}… (${cell.length})` : cell);

/** `test.each` that may be empty: not every type has cells of every sort. */
const eachOf = <T extends readonly unknown[]>(
  table: readonly T[],
): ((name: string, run: (...args: T) => Promise<void>) => void) =>
  table.length === 0 ? () => {} : (name, run) => test.each(table as unknown as T[])(name, run as never);

const planWith = (file: RosterFile, column: string, cell: string) =>
  planOf(withCells(EXPORT, file, { [column]: cell }));

test('the export that every case starts from has no finding, and every row of it is planned', async () => {
  const { result, said } = await planOf(EXPORT);
  expect(said).toEqual([]);
  expect(result.verdict).toBe('accepted');
  for (const file of FILES) {
    expect(result.files[file]).toMatchObject({ rows: subjectRow(file) - 1, errors: 0 });
    expect(result.changes[file].add).toBe(subjectRow(file) - 1);
  }
});

describe.each(COLUMNS)('%s.%s', (file, name, column) => {
  const { good, odd, bad } = cellCasesOf(column);
  const row = subjectRow(file);
  const stored = (value: string) => (column.stored ? value : undefined);

  eachOf(good.map(([cell, value]) => [shown(cell), cell, value]))('reads %s', async (_name, cell, value) => {
    const outcome = await planWith(file, name, cell);
    expect(outcome.said).toEqual([]);
    expect(outcome.result.files[file]).toMatchObject({ rows: row - 1, valid: row - 1, errors: 0 });
    expect(outcome.record(file, subjectId(file))?.[name]).toBe(stored(value));
  });

  if (!column.stored) {
    test('is read for nothing (R10)', async () => {
      const outcome = await planWith(file, name, 'bell\u0007');
      expect(outcome.said).toEqual([]);
      expect(Object.keys(outcome.record(file, subjectId(file))!)).not.toContain(name);
    });
    return;
  }

  eachOf(odd)('reads %s as %s and says %s once', async (cell, value, code) => {
    const outcome = await planWith(file, name, cell);
    expect(outcome.said).toEqual([`warning ${code} ${file}.csv ${row} ${name}`]);
    expect(outcome.result.files[file]).toMatchObject({ errors: 0 });
    expect(outcome.record(file, subjectId(file))?.[name]).toBe(value);
  });

  eachOf(bad.map(([cell, code]) => [shown(cell), cell, code]))('cannot read %s', async (_name, cell, code) => {
    const outcome = await planWith(file, name, cell);
    expect(outcome.result.verdict).toBe('accepted');
    const severity = column.required ? 'error' : 'warning';
    expect(outcome.said).toEqual([`${severity} ${code} ${file}.csv ${row} ${name}`]);
    expect(outcome.result.files[file]).toMatchObject({ rows: row - 1, errors: column.required ? 1 : 0 });
    const record = outcome.record(file, subjectId(file));
    expect(record?.[name]).toBe(column.required ? undefined : '');
  });

  test('may be blank exactly if it is optional', async () => {
    const outcome = await planWith(file, name, '');
    expect(outcome.said).toEqual(column.required ? [`error required-missing ${file}.csv ${row} ${name}`] : []);
    expect(outcome.result.files[file]).toMatchObject({ errors: column.required ? 1 : 0 });
    expect(outcome.record(file, subjectId(file))?.[name]).toBe(column.required ? undefined : '');
  });

  test('takes the word NULL for blank exactly if it may be blank', async () => {
    const outcome = await planWith(file, name, 'NULL');
    if (!column.required) {
      expect(outcome.said).toEqual([`warning literal-null ${file}.csv ${row} ${name}`]);
      expect(outcome.record(file, subjectId(file))?.[name]).toBe('');
    } else if (column.type === 'string') {
      expect(outcome.said).toEqual([]);
      expect(outcome.record(file, subjectId(file))?.[name]).toBe('NULL');
    } else {
      expect(outcome.result.findingCounts).toMatchObject({ error: 1 });
      expect(outcome.record(file, subjectId(file))).toBeNull();
    }
  });
});

import { KIND_OF_FILE, type RosterFile } from '../../../lib/core/oneroster/kinds.ts';
import { type Column, headerOf, TABLES } from '../../../lib/core/oneroster/tables.ts';
import { ModelTable } from '../../support/model-table.ts';
import { uploadOf } from '../../support/small-delivery.ts';
import {
  asDelta,
  EXPORT,
  FILES,
  filesOf,
  planOf,
  type SmallExport,
  type SmallTable,
  subjectId,
  subjectRow,
  tableIn,
  textOf,
  withTable,
} from '../../support/small-upload.ts';

/** 1EdTech case families: columns that are missing, renamed, there twice or in another order, in every file. */
const COLUMNS = FILES.flatMap((file) =>
  TABLES[KIND_OF_FILE[file]].columns.map((column): [RosterFile, string, Column] => [file, column.name, column]),
);

const withColumns = (some: SmallExport, file: RosterFile, change: (columns: readonly string[]) => readonly string[]) =>
  withTable(some, file, (table: SmallTable) => ({ ...table, columns: change(table.columns) }));
const without = (some: SmallExport, file: RosterFile, column: string) =>
  withColumns(some, file, (columns) => columns.filter((each) => each !== column));
const header = (file: RosterFile) => `${file}.csv 1`;

describe.each(COLUMNS)('R7 R8: %s without %s', (file, name, { required, stored }) => {
  test(required ? 'rejects the delivery' : 'is read, the column as blank', async () => {
    const outcome = await planOf(without(EXPORT, file, name));
    if (required) {
      expect(outcome.result.verdict).toBe('rejected');
      expect(outcome.said.filter((line) => !line.includes('references-not-checked'))).toEqual([
        `error column-missing ${header(file)} ${name}`,
      ]);
      return;
    }
    expect(outcome.result.verdict).toBe('accepted');
    expect(outcome.said).toEqual([`info optional-columns-missing ${header(file)} -`]);
    expect(outcome.result.findings[0]?.message).toContain(name);
    expect(outcome.result.files[file]).toMatchObject({ errors: 0 });
    expect(outcome.record(file, subjectId(file))?.[name]).toBe(stored ? '' : undefined);
  });
});

describe.each(FILES)('R7 R8: %s', (file) => {
  test('without sourcedId rejects the delivery', async () => {
    const outcome = await planOf(without(EXPORT, file, 'sourcedId'));
    expect(outcome.result.verdict).toBe('rejected');
    expect(outcome.said).toContain(`error column-missing ${header(file)} sourcedId`);
  });

  test.each(['status', 'dateLastModified'])('in bulk may lack %s; as a delta it must not', async (name) => {
    const bulk = await planOf(without(EXPORT, file, name));
    expect(bulk.said).toEqual([]);
    expect(bulk.result.verdict).toBe('accepted');
    const delta = await planOf(without(asDelta(EXPORT), file, name));
    expect(delta.said).toContain(`error column-missing ${header(file)} ${name}`);
    expect(delta.result.verdict).toBe('rejected');
  });

  test('is the same records with its columns in any other order, which is said once', async () => {
    const plain = await planOf(EXPORT);
    const turned = await planOf(withColumns(EXPORT, file, (columns) => columns.toReversed()));
    expect(turned.said).toEqual([`info column-order ${header(file)} -`]);
    expect(turned.changes.map(({ after }) => after)).toEqual(plain.changes.map(({ after }) => after));
  });

  test('takes unknown and metadata columns for nothing, wherever they stand', async () => {
    const columns = ['metadata.a', ...headerOf(KIND_OF_FILE[file]), 'shoeSize', 'metadata.b'];
    const outcome = await planOf(withColumns(EXPORT, file, () => columns));
    expect(outcome.said).toEqual([`info unknown-columns ${header(file)} -`, `info metadata-columns ${header(file)} -`]);
    expect(outcome.changes.map(({ after }) => after)).toEqual((await planOf(EXPORT)).changes.map(({ after }) => after));
  });

  test('with its column names in another case is read as meant, with a warning', async () => {
    const shouted = filesOf(EXPORT);
    const text = textOf(tableIn(EXPORT, file));
    const [first = '', ...rest] = text.split('\r\n');
    const files = { ...shouted, [`${file}.csv`]: [first.toUpperCase(), ...rest].join('\r\n') };
    const outcome = await planOf(uploadOf(files), new ModelTable());
    expect(outcome.said).toEqual([`warning header-case ${header(file)} -`]);
    expect(outcome.result.files[file]).toMatchObject({ errors: 0 });
  });

  test('with two columns of one name rejects the delivery and names it', async () => {
    const last = headerOf(KIND_OF_FILE[file]).at(-1)!;
    const outcome = await planOf(withColumns(EXPORT, file, (columns) => [...columns, last]));
    expect(outcome.result.verdict).toBe('rejected');
    expect(outcome.said).toContain(`error duplicate-column ${header(file)} ${last}`);
  });

  test('with two columns without a name rejects the delivery', async () => {
    const outcome = await planOf(withColumns(EXPORT, file, (columns) => [...columns, '', '']));
    expect(outcome.result.verdict).toBe('rejected');
    expect(outcome.said).toContain(`error blank-column ${header(file)} -`);
  });

  test.each([
    ['a cell too few', (line: string) => line.replace(',,', ',')],
    ['a cell too many', (line: string) => `${line},x`],
    ['a comma that is not in quotes', (line: string) => line.replace(',', ',x,')],
  ])('with %s in a row: that row is an error', async (_name, damage) => {
    const files = filesOf(EXPORT);
    const lines = files[`${file}.csv`]!.trimEnd().split('\r\n');
    const damaged = [...lines.slice(0, -1), damage(lines.at(-1)!), ''].join('\r\n');
    const outcome = await planOf(uploadOf({ ...files, [`${file}.csv`]: damaged }), new ModelTable());
    expect(outcome.said).toEqual([`error row-width ${file}.csv ${subjectRow(file)} -`]);
    expect(outcome.record(file, subjectId(file))).toBeNull();
  });
});

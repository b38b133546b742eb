import { KIND_OF_FILE, type RosterFile } from '../../../lib/core/oneroster/kinds.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import { as1p2 } from '../../support/files-1p2.ts';
import { ModelTable } from '../../support/model-table.ts';
import { uploadOf } from '../../support/small-delivery.ts';
import { EXPORT, FILES, filesOf, planOf, subjectId, subjectRow, withCells } from '../../support/small-upload.ts';

/** Vocabularies that 1.2 opens to vendors' own words (facts, vocabularies); decision 20. */
const OPEN: [RosterFile, string][] = [
  ['orgs', 'type'],
  ['academicSessions', 'type'],
  ['classes', 'classType'],
  ['enrollments', 'role'],
  ['demographics', 'sex'],
];

/** The export with one cell of a subject written otherwise, as 1.1 and as 1.2. */
const planAs = (version: '1.1' | '1.2', file: RosterFile, column: string, cell: string) => {
  const files = filesOf(withCells(EXPORT, file, { [column]: cell }));
  return planOf(uploadOf(version === '1.1' ? files : as1p2(files)), new ModelTable());
};
const required = (file: RosterFile, column: string) =>
  storedColumnsOf(KIND_OF_FILE[file]).find(({ name }) => name === column)!.required;

describe.each(OPEN)('R9: %s.%s', (file, column) => {
  const row = subjectRow(file);

  test.each(['ext:lab', 'ext:A-b_c.9'])('keeps the word %s of 1.2', async (word) => {
    const outcome = await planAs('1.2', file, column, word);
    expect(outcome.said).toEqual([]);
    expect(outcome.record(file, subjectId(file))?.[column]).toBe(word);
  });

  test('reads EXT:Lab as ext:Lab', async () => {
    const outcome = await planAs('1.2', file, column, 'EXT:Lab');
    expect(outcome.said).toEqual([`warning wrong-case ${file}.csv ${row} ${column}`]);
    expect(outcome.record(file, subjectId(file))?.[column]).toBe('ext:Lab');
  });

  test.each(['ext:', 'ext:a b', 'ext', 'extra:lab', 'ext:a,b'])('does not take %s for a word', async (word) => {
    const outcome = await planAs('1.2', file, column, word);
    const severity = required(file, column) ? 'error' : 'warning';
    expect(outcome.said).toEqual([`${severity} bad-enumeration ${file}.csv ${row} ${column}`]);
  });

  test('is closed in 1.1', async () => {
    const outcome = await planAs('1.1', file, column, 'ext:lab');
    const severity = required(file, column) ? 'error' : 'warning';
    expect(outcome.said).toEqual([`${severity} bad-enumeration ${file}.csv ${row} ${column}`]);
  });
});

test.each(['unspecified', 'other'])('R9: demographics.sex %s is a word of 1.2 only', async (word) => {
  const newer = await planAs('1.2', 'demographics', 'sex', word);
  expect(newer.said).toEqual([]);
  expect(newer.record('demographics', subjectId('demographics'))?.['sex']).toBe(word);
  expect((await planAs('1.1', 'demographics', 'sex', word)).said).toHaveLength(1);
});

test.each(FILES.filter((file) => file !== 'users'))('R9: %s of 1.2 is read as that of 1.1', async (file) => {
  const one = await planOf(EXPORT);
  const other = await planOf(uploadOf(as1p2(filesOf(EXPORT))), new ModelTable());
  expect(other.said).toEqual([]);
  expect(other.record(file, subjectId(file))).toEqual(one.record(file, subjectId(file)));
});

test('R9: true and false stay closed in 1.2', async () => {
  const outcome = await planAs('1.2', 'enrollments', 'primary', 'ext:maybe');
  expect(outcome.said).toEqual([`warning bad-boolean enrollments.csv ${subjectRow('enrollments')} primary`]);
});

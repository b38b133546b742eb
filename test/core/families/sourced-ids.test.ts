import type { FindingCode } from '../../../lib/core/oneroster/finding-codes.ts';
import type { RosterFile } from '../../../lib/core/oneroster/kinds.ts';
import {
  EXPORT,
  FILES,
  planOf,
  type SmallTable,
  subjectId,
  subjectRow,
  withCells,
  withTable,
} from '../../support/small-upload.ts';

/** 1EdTech case family: sourcedIds that are missing, malformed or there twice, in every file. */
const BAD: [string, FindingCode, boolean][] = [
  ['', 'id-missing', false],
  ['   ', 'id-missing', false],
  ['NULL', 'id-missing', false],
  [' leading', 'id-blanks', true],
  ['trailing ', 'id-blanks', true],
  ['\u00a0nbsp', 'id-blanks', true],
  ['1.23E+11', 'id-scientific', false],
  ['1,5E+10', 'id-scientific', false],
  ['tab\tinside', 'id-control-character', false],
  ['x'.repeat(256), 'id-too-long', true],
];
const GOOD = [
  'x'.repeat(255),
  '31763_22156',
  'a b',
  '[1]/x@y.z',
  'Ünï-çödé/四',
  '007',
  '1E5',
  '{uuid}',
  'null',
  "o'neil",
  '=1',
];

/** A row with another text in one optional or free column: it contradicts the first. */
const OTHERWISE: Readonly<Record<RosterFile, Readonly<Record<string, string>>>> = {
  orgs: { name: 'Other' },
  academicSessions: { title: 'Other' },
  courses: { title: 'Other' },
  users: { givenName: 'Other' },
  classes: { title: 'Other' },
  enrollments: { beginDate: '2026-09-01' },
  demographics: { birthDate: '2013-02-04' },
};

const withTwin = (file: RosterFile, cells: Readonly<Record<string, string>>) =>
  withTable(EXPORT, file, ({ columns, rows }: SmallTable) => ({
    columns,
    rows: [...rows, { ...rows.at(-1)!, ...cells }],
  }));

describe.each(FILES.filter((file) => file !== 'demographics'))('R8b R20: sourcedId of %s', (file) => {
  test.each(GOOD)('%s is an id', async (id) => {
    const outcome = await planOf(withCells(EXPORT, file, { sourcedId: id, agentSourcedIds: '' }));
    expect(outcome.said).toEqual([]);
    expect(outcome.record(file, id)).not.toBeNull();
  });
});

describe.each(FILES)('R5: sourcedId of %s', (file) => {
  const row = subjectRow(file);

  test.each(BAD)('%j is none: %s', async (id, code, readable) => {
    const outcome = await planOf(withCells(EXPORT, file, { sourcedId: id }));
    const withheld = readable ? [] : [`warning removals-withheld ${file}.csv - -`];
    expect(outcome.said).toEqual([`error ${code} ${file}.csv ${row} sourcedId`, ...withheld]);
    expect(outcome.result.files[file]).toMatchObject({ rows: row - 1, errors: 1 });
    expect(outcome.result.profile.unreadableRows[file]).toBe(readable ? 0 : 1);
    expect(outcome.result.changes[file].add).toBe(row - 2);
  });

  test('twice in equal rows counts once, with a warning', async () => {
    const outcome = await planOf(withTwin(file, {}));
    expect(outcome.said).toEqual([`warning duplicate-row ${file}.csv ${row + 1} -`]);
    expect(outcome.result.files[file]).toMatchObject({ rows: row, valid: row, errors: 0 });
    expect(outcome.result.changes[file].add).toBe(row - 1);
  });

  test('twice in rows that differ: both are errors, and neither is stored', async () => {
    const outcome = await planOf(withTwin(file, OTHERWISE[file]));
    const both = [row, row + 1].map((each) => `error duplicate-id ${file}.csv ${each} sourcedId`);
    expect(outcome.said.toSorted()).toEqual(both);
    expect(outcome.result.files[file]).toMatchObject({ rows: row, valid: row - 2, errors: 2 });
    expect(outcome.record(file, subjectId(file))).toBeNull();
  });

  test('that differ only in case are two records, with a note', async () => {
    const twin = subjectId(file).toUpperCase();
    const outcome = await planOf(withTwin(file, { sourcedId: twin, username: 'someone.else' }));
    if (file === 'demographics') {
      expect(outcome.said).toEqual([`error unresolved-reference ${file}.csv ${row + 1} sourcedId`]);
      return;
    }
    const note = `info ids-differ-in-case ${file}.csv ${row + 1} sourcedId`;
    expect(outcome.said).toEqual([note]);
    expect(outcome.record(file, twin)).toEqual({
      ...outcome.record(file, subjectId(file)),
      ...(file === 'users' ? { username: 'someone.else' } : {}),
    });
  });
});

test('the same sourcedId in two files is two records (facts §6)', async () => {
  const outcome = await planOf(withCells(EXPORT, 'courses', { sourcedId: 'school' }));
  expect(outcome.said).toEqual([]);
  expect(outcome.record('courses', 'school')).not.toBeNull();
});

import { KIND_OF_FILE, type RosterFile } from '../../../lib/core/oneroster/kinds.ts';
import { ModelTable } from '../../support/model-table.ts';
import { uploadOf } from '../../support/small-delivery.ts';
import {
  EXPORT,
  filesOf,
  type Outcome,
  planOf,
  type SmallExport,
  subjectRow,
  textOf,
  withCells,
  withTable,
} from '../../support/small-upload.ts';

/** What is odd but legal: kept as it is, and said where a person should look. */
type Row = Readonly<Record<string, string>>;

const withRows = (some: SmallExport, file: RosterFile, rows: readonly Row[]): SmallExport =>
  withTable(some, file, (table) => ({ ...table, rows: [...table.rows, ...rows] }));
const codes = ({ result }: Outcome) => result.findingCounts.byCode;

const org = (sourcedId: string, parentSourcedId: string): Row => ({
  sourcedId,
  name: sourcedId,
  type: 'school',
  parentSourcedId,
});
const session = (sourcedId: string, parentSourcedId: string): Row => ({
  ...{ sourcedId, parentSourcedId, title: sourcedId, type: 'term' },
  ...{ startDate: '2026-08-15', endDate: '2027-06-10', schoolYear: '2027' },
});
const person = (sourcedId: string, cells: Row = {}): Row => ({
  ...{ sourcedId, enabledUser: 'true', orgSourcedIds: 'school', role: 'student', username: sourcedId },
  ...{ givenName: 'Ann', familyName: 'Lee' },
  ...cells,
});

describe.each<[RosterFile, (id: string, parent: string) => Row]>([
  ['orgs', org],
  ['academicSessions', session],
])('parents of %s that lead in a circle', (file, row) => {
  const first = subjectRow(file) + 1;
  const stored = (outcome: Outcome, id: string) => outcome.record(file, id)?.['parentSourcedId'];

  test('of one: its own parent is kept, with a warning', async () => {
    const outcome = await planOf(withRows(EXPORT, file, [row('a', 'a')]));
    expect(outcome.said).toEqual([`warning own-parent ${file}.csv ${first} parentSourcedId`]);
    expect(stored(outcome, 'a')).toBe('a');
  });

  test('of three: one warning at the first of them, all kept', async () => {
    const outcome = await planOf(
      withRows(EXPORT, file, [row('tail', 'b'), row('a', 'b'), row('b', 'c'), row('c', 'a')]),
    );
    expect(outcome.said).toEqual([`warning parent-cycle ${file}.csv ${first + 1} parentSourcedId`]);
    expect(outcome.result.findings[0]).toMatchObject({ sourcedId: 'a', message: expect.stringContaining('3 records') });
    expect(['tail', 'a', 'b', 'c'].map((id) => stored(outcome, id))).toEqual(['b', 'b', 'c', 'a']);
  });

  test('two circles are two warnings, a long chain is none', async () => {
    const chain = Array.from({ length: 2000 }, (_, i) => row(`n${i}`, i === 0 ? '' : `n${i - 1}`));
    const circles = [row('a', 'b'), row('b', 'a'), row('c', 'd'), row('d', 'c')];
    const outcome = await planOf(withRows(EXPORT, file, [...circles, ...chain]));
    expect(codes(outcome)).toEqual({ 'parent-cycle': 2 });
  });

  test('are the same records the next night', async () => {
    const some = withRows(EXPORT, file, [row('a', 'b'), row('b', 'a')]);
    const table = new ModelTable();
    table.apply((await planOf(some)).changes);
    expect((await planOf(some, table)).changes).toEqual([]);
  });
});

describe('people', () => {
  test('agents may be named on both sides', async () => {
    const pair = [
      person('child', { agentSourcedIds: 'mum' }),
      person('mum', { role: 'parent', agentSourcedIds: 'child' }),
    ];
    const outcome = await planOf(withRows(EXPORT, 'users', pair));
    expect(outcome.said).toEqual([]);
    expect(outcome.record('users', 'mum')?.['agentSourcedIds']).toBe('child');
  });

  test('of one username, in any case, are both kept, with a warning for each later one', async () => {
    const twins = [
      person('u1', { username: 'Sam' }),
      person('u2', { username: 'sam' }),
      person('u3', { username: 'SAM' }),
    ];
    const outcome = await planOf(withRows(EXPORT, 'users', twins));
    const row = subjectRow('users');
    expect(outcome.said).toEqual([2, 3].map((i) => `warning duplicate-username users.csv ${row + i} username`));
    expect(outcome.result.files['users']).toMatchObject({ errors: 0 });
    for (const [id, username] of [
      ['u1', 'Sam'],
      ['u2', 'sam'],
      ['u3', 'SAM'],
    ] as const) {
      expect(outcome.record('users', id)?.['username']).toBe(username);
    }
  });

  test('a row that repeats or is damaged does not count as a second username', async () => {
    const same = person('u1', { username: 'sam' });
    const outcome = await planOf(
      withRows(EXPORT, 'users', [same, same, person('u2', { username: 'sam', role: 'boss' })]),
    );
    expect(codes(outcome)).toEqual({ 'duplicate-row': 1, 'bad-enumeration': 1 });
  });

  test('may be at eight schools', async () => {
    const schools = Array.from({ length: 8 }, (_, i) => `s${i}`);
    const many = withRows(
      EXPORT,
      'orgs',
      schools.map((id) => org(id, 'district')),
    );
    const outcome = await planOf(withCells(many, 'users', { orgSourcedIds: schools.join(', ') }));
    expect(outcome.said).toEqual([]);
    expect(outcome.record('users', 'user-x')?.['orgSourcedIds']).toBe(schools.join(','));
  });
});

describe('sizes that real districts have', () => {
  const seat = (i: number, cells: Row): Row => ({
    ...{
      sourcedId: `e${i}`,
      classSourcedId: 'class',
      schoolSourcedId: 'school',
      userSourcedId: 'student',
      role: 'student',
    },
    ...cells,
  });

  test('a class of 5,000', async () => {
    const people = Array.from({ length: 5000 }, (_, i) => person(`p${i}`));
    const seats = people.map(({ sourcedId }, i) => seat(i, { userSourcedId: sourcedId! }));
    const outcome = await planOf(withRows(withRows(EXPORT, 'users', people), 'enrollments', seats));
    expect(outcome.said).toEqual([]);
    expect(outcome.result.changes.enrollments.add).toBe(5002);
  });

  test('a teacher of 400 classes, primary in each', async () => {
    const one = EXPORT.tables.classes!.rows[0]!;
    const classes = Array.from({ length: 400 }, (_, i) => ({ ...one, sourcedId: `k${i}` }));
    const seats = classes.map(({ sourcedId }, i) =>
      seat(i, { classSourcedId: sourcedId, userSourcedId: 'teacher', role: 'teacher', primary: 'true' }),
    );
    const outcome = await planOf(withRows(withRows(EXPORT, 'classes', classes), 'enrollments', seats));
    expect(outcome.said).toEqual([]);
    expect(outcome.result.changes.enrollments.add).toBe(402);
  });
});

describe('references to a record of another type', () => {
  test.each<[RosterFile, string, string, string]>([
    ['classes', 'schoolSourcedId', 'district', 'not a school'],
    ['enrollments', 'schoolSourcedId', 'district', 'not a school'],
    ['courses', 'schoolYearSourcedId', 'term', 'not a school year'],
  ])('%s.%s to %s: a warning, kept', async (file, column, id, what) => {
    const outcome = await planOf(withCells(EXPORT, file, { [column]: id }));
    const row = subjectRow(file);
    expect(outcome.said).toEqual([`warning wrong-target-type ${file}.csv ${row} ${column}`]);
    expect(outcome.result.findings[0]?.message).toContain(what);
    expect(outcome.result.files[file]).toMatchObject({ errors: 0 });
    expect(outcome.changes.some(({ kind }) => kind === KIND_OF_FILE[file])).toBe(true);
  });

  test('are said once for each target, not for each row', async () => {
    const [one = {}] = EXPORT.tables.enrollments!.rows;
    const astray = Array.from({ length: 50 }, (_, i) => ({ ...one, sourcedId: `e${i}`, schoolSourcedId: 'district' }));
    expect(codes(await planOf(withRows(EXPORT, 'enrollments', astray)))).toEqual({ 'wrong-target-type': 1 });
  });

  test.each<[string, RosterFile, Row]>([
    ["an enrollment at another school than its class's", 'enrollments', { schoolSourcedId: 'org-x' }],
    ['a course of the district', 'courses', { orgSourcedId: 'district' }],
    ['a user at the district', 'users', { orgSourcedIds: 'district' }],
    ['a class of a grading period', 'classes', { termSourcedIds: 'session-x' }],
    ['a term below a term', 'academicSessions', { parentSourcedId: 'term' }],
  ])('%s is no surprise', async (_name, file, cells) => {
    expect((await planOf(withCells(EXPORT, file, cells))).said).toEqual([]);
  });
});

describe('what a spreadsheet does to an export', () => {
  test('grade 7 for 07: kept, one warning for the column', async () => {
    const some = withRows(withCells(EXPORT, 'users', { grades: '7' }), 'users', [person('u1', { grades: '8' })]);
    const outcome = await planOf(some);
    expect(outcome.said).toEqual([`warning grade-vocabulary users.csv ${subjectRow('users')} grades`]);
    expect(outcome.record('users', 'user-x')?.['grades']).toBe('7');
  });

  test('ids as 1.23E+11: errors, also in references, and nobody is removed for them', async () => {
    const table = new ModelTable();
    table.apply((await planOf(EXPORT)).changes);
    const damaged = withCells(EXPORT, 'users', { sourcedId: '1.23E+11' });
    const seats = withCells(damaged, 'enrollments', { userSourcedId: '1.23E+11' });
    const outcome = await planOf(seats, table);
    expect(codes(outcome)).toEqual({ 'id-scientific': 1, 'removals-withheld': 1, 'bad-reference': 1 });
    expect(outcome.changes).toEqual([]);
  });

  test('00:00:00 after every date: one warning for each column', async () => {
    const timed = (table: NonNullable<SmallExport['tables']['orgs']>) => ({
      ...table,
      rows: table.rows.map((row) => ({
        ...row,
        startDate: `${row['startDate']} 00:00:00`,
        endDate: `${row['endDate']} 00:00:00`,
      })),
    });
    const outcome = await planOf(withTable(EXPORT, 'academicSessions', timed));
    expect(codes(outcome)).toEqual({ 'date-with-time': 2 });
    expect(outcome.record('academicSessions', 'session-x')?.['startDate']).toBe('2026-08-15');
  });

  test('TRUE and FALSE: one warning for each column', async () => {
    const shouted = (table: NonNullable<SmallExport['tables']['users']>) => ({
      ...table,
      rows: table.rows.map((row) => ({ ...row, enabledUser: 'TRUE' })),
    });
    expect(codes(await planOf(withTable(EXPORT, 'users', shouted)))).toEqual({ 'wrong-case': 1 });
  });

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['vertical bars', '|'],
  ])('%s between the cells: the file is named, the delivery rejected', async (name, separator) => {
    const files = filesOf(EXPORT);
    const text = textOf(EXPORT.tables.users!).replaceAll('"', '').replaceAll(',', separator);
    const { result } = await planOf(uploadOf({ ...files, 'users.csv': text }));
    expect(result.verdict).toBe('rejected');
    const found = result.findings.find(({ code }) => code === 'wrong-separator');
    expect(found).toMatchObject({ file: 'users.csv', row: 1, message: expect.stringContaining(name) });
  });
});

test.each([
  ['2028-02-29', true],
  ['2000-02-29', true],
  ['2027-02-29', false],
  ['2100-02-29', false],
  ['2026-02-30', false],
  ['2026-12-31', true],
])('leap days: %s is a day: %s', async (day, real) => {
  const outcome = await planOf(withCells(EXPORT, 'demographics', { birthDate: day }));
  expect(codes(outcome)).toEqual(real ? {} : { 'bad-date': 1 });
  expect(outcome.record('demographics', 'student')?.['birthDate']).toBe(real ? day : '');
});

test.each(['2026-08-01T00:00:00.000Z', '2026-08-01T00:00:00+14:00', '2026-08-01T23:59:60Z'])(
  'dateLastModified %s is kept with its time zone',
  async (time) => {
    const outcome = await planOf(withCells(EXPORT, 'orgs', { dateLastModified: time }));
    expect(codes(outcome)).toEqual({ 'filled-in-bulk': 1 });
    expect(outcome.record('orgs', 'org-x')?.['dateLastModified']).toBe(time);
  },
);

describe('R5: rows that ran into one another name more than the first of them', () => {
  const last = (file: RosterFile) => textOf(EXPORT.tables[file]!).trimEnd().split('\r\n').slice(-2) as [string, string];

  test.each<[string, (before: string, subject: string) => string]>([
    ['without the line end', (before, subject) => `${before}${subject}`],
    ['with a carriage return for it', (before, subject) => `${before}\r${subject}`],
    ['with a carriage return after a quoted cell', (before, subject) => `${before}""\r${subject}`],
    ['with a carriage return, the second one cut', (before, subject) => `${before}\r${subject.slice(0, 13)}`],
  ])('%s: nobody is removed', async (_, glue) => {
    for (const file of ['users', 'classes', 'enrollments'] as const) {
      const table = new ModelTable();
      table.apply((await planOf(EXPORT)).changes);
      const [before, subject] = last(file);
      const files = filesOf(EXPORT);
      const text = files[`${file}.csv`]!.replace(`${before}\r\n${subject}`, () => glue(before, subject));
      const outcome = await planOf(uploadOf({ ...files, [`${file}.csv`]: text }), table);
      expect(outcome.changes).toEqual([]);
      expect(codes(outcome)).toMatchObject({ 'removals-withheld': 1 });
    }
  });

  test('a comma that is not in quotes is one row with a cell too many', async () => {
    const files = filesOf(EXPORT);
    const text = files['users.csv']!.replace('user-x.name', 'user-x,name');
    const outcome = await planOf(uploadOf({ ...files, 'users.csv': text }));
    expect(codes(outcome)).not.toHaveProperty('removals-withheld');
  });
});

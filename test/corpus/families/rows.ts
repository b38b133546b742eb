import { BASE, TONIGHT } from '../exports.ts';
import { bothWays, type Family, type Fault } from '../fault.ts';
import { ROSTER_NAMES, type RosterName } from '../standard.ts';
import { cellOf, type Export, filesOf, mapRows, mapTable, type TextTable, withCells } from '../tables.ts';

const NIGHTS = [
  ['', BASE],
  [' tonight', TONIGHT],
] as const;

function* changed(
  what: string,
  names: readonly RosterName[],
  change: (table: TextTable) => TextTable,
  more: Partial<Pick<Fault, 'mayChange' | 'endings'>> = {},
): Generator<Fault> {
  for (const [night, from] of NIGHTS) {
    for (const name of names) {
      const files = filesOf(mapTable(from, name, change));
      const sure = night === '' ? more : {};
      yield { name: `${name}.csv: ${what}${night}`, packaging: 'zip', files, mayChange: 'files', ...sure };
    }
  }
}

const ten = (at: number): boolean => at % 10 < 3;
const doubled = (table: TextTable, copy: (row: readonly string[]) => readonly string[]): TextTable => ({
  ...table,
  rows: [...table.rows, ...table.rows.filter((_, at) => ten(at)).map(copy)],
});
/** The first column that can be read both ways. */
const other = (table: TextTable, row: readonly string[]): readonly string[] =>
  row.map((cell, at) =>
    /(title|name|familyName|endDate|cityOfBirth)$/.test(table.header[at] ?? '') ? '2027-01-31' : cell,
  );

function* duplicates(): Generator<Fault> {
  const nothing = { mayChange: 'nothing', endings: ['unchanged'] } as const;
  yield* changed('30 % doubled, equal', ROSTER_NAMES, (table) => doubled(table, (row) => row), nothing);
  // R5: of two rows that contradict each other neither counts.
  yield* changed('30 % doubled, conflicting', ROSTER_NAMES, (table) => doubled(table, (row) => other(table, row)), {
    mayChange: 'nothing',
  });
  yield* changed(
    'all rows twice',
    ROSTER_NAMES,
    (table) => ({ ...table, rows: [...table.rows, ...table.rows] }),
    nothing,
  );
  const appended = (table: TextTable) => ({ ...table, rows: [...table.rows, table.header, ...table.rows] });
  yield* changed('appended to itself, header and all', ROSTER_NAMES, appended);
}

const OWNERS: Readonly<Partial<Record<RosterName, string>>> = {
  users: 'orgSourcedIds',
  classes: 'schoolSourcedId',
  enrollments: 'schoolSourcedId',
  courses: 'orgSourcedId',
  orgs: 'sourcedId',
};

/** Rows that have something to do with a school (demographics: with its users), left out. */
function withoutSchool(
  from: Export,
  names: readonly RosterName[],
  school: string,
  keep: (at: number) => boolean,
): Export {
  const people = new Set(
    from.users.rows.filter((row) => cellOf(from.users, row, 'orgSourcedIds').includes(school)).map(([id]) => id),
  );
  let tables = from;
  for (const name of names) {
    const owner = OWNERS[name];
    tables = mapTable(tables, name, (table) =>
      mapRows(table, (row, at) => {
        const its = owner === undefined ? people.has(row[0]) : cellOf(table, row, owner).split(',').includes(school);
        return its && !keep(at) ? null : row;
      }),
    );
  }
  return tables;
}

const OF_SCHOOLS: readonly RosterName[] = ['orgs', 'courses', 'users', 'classes', 'enrollments', 'demographics'];

function* schools(): Generator<Fault> {
  const parts: readonly (readonly [string, readonly RosterName[]])[] = [
    ...OF_SCHOOLS.map((name) => [name, [name]] as const),
    ['all files', OF_SCHOOLS],
    ['all files but orgs', OF_SCHOOLS.slice(1)],
    ['users, enrollments and demographics', ['users', 'enrollments', 'demographics']],
    ['classes and enrollments', ['classes', 'enrollments']],
  ];
  for (const key of ['lin', 'roo', 'har', 'eve', 'office']) {
    for (const [what, names] of parts) {
      for (const [some, keep] of [
        ['all', () => false],
        ['half', (at) => at % 2 === 0],
      ] as const satisfies [string, (at: number) => boolean][]) {
        for (const [night, from] of NIGHTS) {
          const files = filesOf(withoutSchool(from, names, `d1-${key}`, keep));
          yield {
            name: `${some} rows of ${key} missing in ${what}${night}`,
            packaging: 'zip',
            files,
            mayChange: 'files',
          };
        }
      }
    }
  }
}

/** A few rows are missing, below every limit, while another row names nobody: nobody of that kind may go (R5). */
function* damaged(): Generator<Fault> {
  const wrecks: Readonly<Record<string, (row: readonly string[]) => readonly string[]>> = {
    'without an id': (row) => ['', ...row.slice(1)],
    'with the id NULL': (row) => ['NULL', ...row.slice(1)],
    'with an id in scientific notation': (row) => ['1.234E+15', ...row.slice(1)],
    'that is a total line': (row) => ['', '', 'Total', ...row.slice(3).map(() => '')],
  };
  for (const [wreck, change] of Object.entries(wrecks)) {
    for (const missing of [1, 3, 8]) {
      const thin = (table: TextTable) =>
        mapRows(table, (row, at) => (at === 2 ? change(row) : at > 2 && at <= 2 + missing ? null : row));
      yield* changed(`${missing} rows missing, a row ${wreck}`, ROSTER_NAMES, thin, { mayChange: 'nothing' });
    }
  }
  const blank = (table: TextTable, every: number) =>
    mapRows(table, (row, at) => (at % every === 1 ? row.map((cell, place) => (place === 0 ? cell : '')) : row));
  for (const every of [3, 15, 40]) {
    yield* changed(`one row in ${every} blank but for its id`, ROSTER_NAMES, (table) => blank(table, every));
  }
  const cut = (table: TextTable) => mapRows(table, (row, at) => (at % 9 === 4 ? row.slice(0, 4) : row));
  yield* changed('one row in 9 cut', ROSTER_NAMES, cut, { mayChange: 'nothing' });
  const comma = (table: TextTable) => mapRows(table, (row) => [...row, '']);
  yield* changed('one comma too many in every row', ROSTER_NAMES, comma, { mayChange: 'nothing' });
}

function* statuses(): Generator<Fault> {
  for (const status of ['tobedeleted', 'inactive', 'Tobedeleted', 'deleted', 'A', 'active']) {
    for (const every of [1, 4, 30]) {
      const said = (table: TextTable) =>
        mapRows(table, (row, at) => (at % every === 0 ? withCells(table, row, { status }) : row));
      yield* changed(`status ${status} in one row of ${every}`, ROSTER_NAMES, said);
    }
  }
}

function* orders(): Generator<Fault> {
  const nothing = { mayChange: 'nothing', endings: ['unchanged'] } as const;
  yield* changed('rows in reverse', ROSTER_NAMES, (table) => ({ ...table, rows: table.rows.toReversed() }), nothing);
  const turned = (table: TextTable): TextTable => ({
    header: table.header.toReversed(),
    rows: table.rows.map((row) => row.toReversed()),
  });
  yield* changed('columns in reverse', ROSTER_NAMES, turned, nothing);
  yield* changed('names of the header in reverse', ROSTER_NAMES, (table) => ({
    ...table,
    header: table.header.toReversed(),
  }));
  const swapped = (table: TextTable) => ({
    ...table,
    header: table.header.map((name) => ({ givenName: 'familyName', familyName: 'givenName' })[name] ?? name),
  });
  yield* changed('given and family names swapped', ['users'], swapped);
  const students = (table: TextTable) => mapRows(table, (row) => withCells(table, row, { role: 'student' }));
  yield* changed('everybody a student', ['users', 'enrollments'], students);
  for (const column of ['schoolSourcedId', 'classSourcedId', 'userSourcedId']) {
    const same = (table: TextTable) =>
      mapRows(table, (row) => withCells(table, row, { [column]: cellOf(table, table.rows[0] ?? [], column) }));
    yield* changed(`all with the ${column} of the first`, ['enrollments'], same);
  }
}

function* halves(): Generator<Fault> {
  for (const [night, from] of NIGHTS) {
    for (const name of ROSTER_NAMES) {
      for (const [what, keeps] of [
        ['every other row', (at) => at % 2 === 0],
        ['one row in 20 gone', (at) => at % 20 !== 7],
        ['the first row only', (at) => at === 0],
      ] as const satisfies [string, (at: number) => boolean][]) {
        const files = filesOf(mapTable(from, name, (table) => mapRows(table, (row, at) => (keeps(at) ? row : null))));
        yield* bothWays({ name: `${name}.csv: ${what}${night}`, files, mayChange: 'files' });
      }
    }
  }
}

/** Rows that are missing, twice there, damaged or somewhere else. */
export const ROW_FAMILIES: readonly Family[] = [
  { name: 'rows doubled', faults: duplicates },
  { name: 'rows of one school missing', faults: schools },
  { name: 'rows missing throughout', faults: halves },
  { name: 'damaged rows', faults: damaged },
  { name: 'status says gone', faults: statuses },
  { name: 'rows, columns or cells in the wrong place', faults: orders },
];

import fc from 'fast-check';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { type Column, GRADES, headerOf, TABLES } from '../../lib/core/oneroster/tables.ts';
import { type Day, generateDistrict } from '../../lib/generate/generate-district.ts';

type Row = Readonly<Record<string, string>>;
type Rows = Readonly<Record<RecordKind, readonly Row[]>>;

function rowsOf(day: Day): Rows {
  const read = (kind: RecordKind): Row[] => {
    const file = day.files.find((each) => each.kind === kind);
    const header = headerOf(kind);
    return Array.from({ length: file?.rowCount ?? 0 }, (_, at) => named(header, file?.cells(at) ?? []));
  };
  return Object.fromEntries(RECORD_KINDS.map((kind) => [kind, read(kind)])) as unknown as Rows;
}

function named(header: readonly string[], cells: readonly string[]): Row {
  if (cells.length !== header.length) throw new Error(`${cells.length} cells for ${header.length} columns`);
  return Object.fromEntries(header.map((column, at) => [column, cells[at] ?? '']));
}

const ID = /^[0-9A-Za-z.\-_/@]{1,255}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const isDate = (text: string) => DATE.test(text) && new Date(text).toISOString().startsWith(text);

/** Whether a filled cell is what its column's type demands (OneRoster CSV §3). */
const VALID: Record<Column['type'], (text: string, column: Column) => boolean> = {
  id: (text) => ID.test(text),
  reference: (text) => ID.test(text),
  referenceList: (text) => text.split(',').every((each) => ID.test(each)),
  string: (text) => text.length < 256 && text === text.trim() && text === text.normalize('NFC'),
  stringList: (text) => text.split(',').every((each) => each !== ''),
  grade: (text) => GRADES.includes(text),
  gradeList: (text) => text.split(',').every((each) => GRADES.includes(each)),
  userIdList: (text) => text.split(',').every((each) => /^\{[A-Za-z]+:[^{},]+\}$/.test(each)),
  enumeration: (text, column) => column.values?.includes(text) === true,
  boolean: (text) => text === 'true' || text === 'false',
  date: isDate,
  dateTime: (text) => text === '',
  year: (text) => /^\d{4}$/.test(text),
};

/** What is wrong with one kind's rows. */
function* faultsOf(kind: RecordKind, all: Rows, ids: Readonly<Record<RecordKind, ReadonlySet<string>>>) {
  if (ids[kind].size !== all[kind].length) yield `${kind}: ids are not unique`;
  for (const row of all[kind]) {
    if (!ID.test(row['sourcedId'] ?? '')) yield `${kind}: bad id ${row['sourcedId']}`;
    for (const column of TABLES[kind].columns) {
      const text = row[column.name] ?? '';
      if (text === '' && column.required) yield `${kind}.${column.name} is blank`;
      if (text === '') continue;
      if (!VALID[column.type](text, column)) yield `${kind}.${column.name}: ${text}`;
      if (column.target === undefined) continue;
      for (const id of text.split(','))
        if (!ids[column.target].has(id)) yield `${kind}.${column.name}: nobody is ${id}`;
    }
  }
}

function* faultsBetweenRows(rows: Rows) {
  const types = new Map(rows.org.map((each) => [each['sourcedId'], each['type']]));
  const classes = new Map(rows.class.map((each) => [each['sourcedId'], each]));
  const people = new Map(rows.user.map((each) => [each['sourcedId'], each]));
  const primaries = new Map<string | undefined, number>();
  for (const row of rows.enrollment) {
    const at = classes.get(row['classSourcedId']);
    if (row['schoolSourcedId'] !== at?.['schoolSourcedId']) yield 'an enrollment at another school than its class';
    if (types.get(row['schoolSourcedId']) !== 'school') yield 'an enrollment outside schools';
    if (row['role'] !== people.get(row['userSourcedId'])?.['role']) yield 'an enrollment in another role than its user';
    if ((row['beginDate'] ?? '') >= (row['endDate'] ?? '')) yield 'an enrollment that ends before it begins';
    if (row['primary'] === 'true')
      primaries.set(row['classSourcedId'], 1 + (primaries.get(row['classSourcedId']) ?? 0));
    if (row['primary'] === 'true' && row['role'] !== 'teacher') yield 'a primary student';
  }
  for (const id of classes.keys()) if (primaries.get(id) !== 1) yield `class ${id} has no one primary teacher`;
  const pairs = rows.enrollment.map((each) => `${each['classSourcedId']} ${each['userSourcedId']}`);
  if (new Set(pairs).size !== pairs.length) yield 'somebody is in a class twice';
  if (new Set(rows.user.map((each) => each['username'])).size !== rows.user.length) yield 'a user name twice';
  for (const { subjects = '', subjectCodes = '' } of [...rows.class, ...rows.course]) {
    if (subjects.split(',').length !== subjectCodes.split(',').length) yield 'subjects without codes';
  }
}

const districts = fc.record({
  students: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 1_600 })),
  seed: fc.string({ minLength: 1, maxLength: 8 }),
  churn: fc.constantFrom(0, 0.01, 0.1, 0.5, 1),
  days: fc.integer({ min: 1, max: 5 }),
  uuid: fc.boolean(),
  guardians: fc.boolean(),
  demographics: fc.boolean(),
});

describe('every export is whole and valid', () => {
  test('references resolve, cells are of their types, each class has one primary teacher', () => {
    fc.assert(
      fc.property(districts, (options) => {
        for (const day of generateDistrict(options)) {
          const rows = rowsOf(day);
          const idSets = RECORD_KINDS.map((kind) => [kind, new Set(rows[kind].map((each) => each['sourcedId'] ?? ''))]);
          const ids = Object.fromEntries(idSets) as Record<RecordKind, Set<string>>;
          const faults = [
            ...RECORD_KINDS.flatMap((kind) => [...faultsOf(kind, rows, ids)]),
            ...faultsBetweenRows(rows),
          ];
          expect(faults.slice(0, 5)).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('the last possible day still lies inside the school year', () => {
    let last: Rows | undefined;
    for (const day of generateDistrict({ students: 60, seed: 'long', days: 180, churn: 0.05 })) {
      if (day.number === 180) last = rowsOf(day);
    }
    expect(last === undefined ? ['no day 180'] : [...faultsBetweenRows(last)]).toEqual([]);
  });
});

import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import type { StoredRecord } from '../../../lib/core/plan/change.ts';
import {
  added,
  holdsOf,
  LIMITS,
  reactivated,
  record,
  records,
  removed,
  students,
  teachers,
  updated,
  type WatchedPlan,
} from './watched-plan.ts';

/** Of every case: below or at its limit, and what holds it one step further. */
type Case = readonly [name: string, plan: WatchedPlan, codes: readonly string[]];

/** The first `gone` of so many records vanish. */
const losing = (gone: number, table: readonly StoredRecord[]): WatchedPlan => ({
  table,
  changes: table.slice(0, gone).map(removed),
});
const lost = (kind: RecordKind, gone: number, of: number): WatchedPlan => losing(gone, records(of, kind));
const school = record('org', 'lincoln', { name: 'Lincoln Elementary', type: 'school' });
const atLincoln = { schoolSourcedId: 'lincoln' };
const elsewhere = students(10_000, 'elsewhere', 'x-');
const trifle = added(record('course', 'new'));
const profile = (more: Partial<WatchedPlan['last'] & object>) => ({ invalidRows: {}, bulkRows: {}, ...more });

const removals: readonly Case[] = [
  ['no org may go: 1 of 20 is within the share', lost('org', 1, 20), []],
  ['2 of 20 orgs are the share exactly', lost('org', 2, 20), []],
  ['3 of 20 orgs', lost('org', 3, 20), ['removals']],
  ['1 of 9 orgs: the floor is 0', lost('org', 1, 9), ['removals']],
  ['1 of 9 academic sessions: the floor is 0', lost('academicSession', 1, 9), ['removals']],
  ['5 of 10 courses are the floor', lost('course', 5, 10), []],
  ['6 of 10 courses', lost('course', 6, 10), ['removals']],
  ['6 of 60 courses are the share', lost('course', 6, 60), []],
  ['7 of 60 courses', lost('course', 7, 60), ['removals']],
  ['5 of 10 classes are the floor', lost('class', 5, 10), []],
  ['6 of 10 classes', lost('class', 6, 10), ['removals']],
  ['25 of 26 users are the floor', lost('user', 25, 26), []],
  ['26 of 100 users', lost('user', 26, 100), ['removals']],
  ['30 of 300 users are the share', lost('user', 30, 300), []],
  ['31 of 300 users', lost('user', 31, 300), ['removals']],
  ['70 of 700 users: 0.1 in binary is not in the way', lost('user', 70, 700), []],
  ['25 of 100 enrollments are the floor', lost('enrollment', 25, 100), []],
  ['26 of 100 enrollments', lost('enrollment', 26, 100), ['removals']],
  ['26 of 100 demographics', lost('demographics', 26, 100), ['removals']],
  ['both of 2 courses: all of a kind', lost('course', 2, 2), ['removals']],
  ['the only course', lost('course', 1, 1), []],
  ['2 of 3 courses', lost('course', 2, 3), []],
  [
    'inactive records are nothing to lose',
    {
      table: [
        ...records(26, 'user'),
        ...records(1000, 'user', {}, 'old-').map((each) => ({ ...each, status: 'inactive' as const })),
      ],
      changes: records(26, 'user').map(removed),
    },
    ['removals'],
  ],
  ['a table that was read twice counts once', { ...lost('user', 26, 200), readings: 2 }, ['removals']],
];

const schools: readonly Case[] = [
  ['25 of 26 students of a school are the floor', losing(25, [...students(26, 'lincoln'), ...elsewhere]), []],
  ['26 of 52 students are the share', losing(26, [...students(52, 'lincoln'), ...elsewhere]), []],
  ['27 of 52 students', losing(27, [...students(52, 'lincoln'), ...elsewhere]), ['school-removals']],
  [
    '27 of 52 students, read twice',
    { ...losing(27, [...students(52, 'lincoln'), ...elsewhere]), readings: 2 },
    ['school-removals'],
  ],
  ['26 of 51 students', losing(26, [...students(51, 'lincoln'), ...elsewhere]), ['school-removals']],
  [
    'both of 2 students',
    losing(2, [...students(2, 'lincoln'), ...teachers(5, 'lincoln'), ...elsewhere]),
    ['school-removals'],
  ],
  ['the only student', losing(1, [...students(1, 'lincoln'), ...teachers(5, 'lincoln'), ...elsewhere]), []],
  [
    'both of 2 teachers, who are all its users',
    losing(2, [...teachers(2, 'lincoln'), ...elsewhere]),
    ['school-removals'],
  ],
  ['40 of 50 teachers: only students have a share', losing(40, [...teachers(50, 'lincoln'), ...elsewhere]), []],
  [
    '26 of 51 enrollments',
    losing(26, [...records(51, 'enrollment', atLincoln), ...records(1000, 'enrollment', {}, 'x-')]),
    ['school-removals'],
  ],
  [
    '26 of 52 enrollments',
    losing(26, [...records(52, 'enrollment', atLincoln), ...records(1000, 'enrollment', {}, 'x-')]),
    [],
  ],
  [
    'all 5 classes',
    losing(5, [...records(5, 'class', atLincoln), ...records(100, 'class', {}, 'x-')]),
    ['school-removals'],
  ],
  ['4 of 5 classes', losing(4, [...records(5, 'class', atLincoln), ...records(100, 'class', {}, 'x-')]), []],
  [
    'students who are moved to another school',
    {
      table: [...students(30, 'lincoln'), ...elsewhere],
      changes: students(30, 'lincoln').map((each) => updated(each, { orgSourcedIds: 'elsewhere', role: 'student' })),
    },
    ['school-removals'],
  ],
  [
    'students who get a second school',
    {
      table: [...students(30, 'lincoln'), ...elsewhere],
      changes: students(30, 'lincoln').map((each) =>
        updated(each, { orgSourcedIds: 'elsewhere,lincoln', role: 'student' }),
      ),
    },
    [],
  ],
  [
    'students who lose one of their two schools',
    {
      table: [...students(30, 'lincoln,lincoln,north'), ...elsewhere],
      changes: students(30, 'lincoln,lincoln,north').map((each) =>
        updated(each, { orgSourcedIds: 'north', role: 'student' }),
      ),
    },
    ['school-removals'],
  ],
  [
    'students who become teachers',
    {
      table: [...students(30, 'lincoln'), ...elsewhere],
      changes: students(30, 'lincoln').map((each) => updated(each, { orgSourcedIds: 'lincoln', role: 'teacher' })),
    },
    ['school-removals'],
  ],
  [
    'as many new students as vanish do not make up for them',
    {
      table: [...students(30, 'lincoln'), ...elsewhere],
      changes: [...students(30, 'lincoln').map(removed), ...students(30, 'lincoln', 'new-').map(added)],
    },
    ['school-removals'],
  ],
  [
    'inactive students of a school are nothing to lose',
    {
      table: [...students(30, 'lincoln').map((each) => ({ ...each, status: 'inactive' as const })), ...elsewhere],
      changes: students(30, 'lincoln').map(reactivated),
    },
    [],
  ],
];

const others: readonly Case[] = [
  [
    '25 of 26 users change',
    {
      table: students(26, 's'),
      changes: students(25, 's').map((each) => updated(each, { role: 'student', orgSourcedIds: 's', username: 'new' })),
    },
    [],
  ],
  [
    '75 of 100 users change',
    {
      table: students(100, 's'),
      changes: students(75, 's').map((each) => updated(each, { role: 'student', orgSourcedIds: 's', username: 'new' })),
    },
    [],
  ],
  [
    '76 of 100 users change',
    {
      table: students(100, 's'),
      changes: students(76, 's').map((each) => updated(each, { role: 'student', orgSourcedIds: 's', username: 'new' })),
    },
    ['updates'],
  ],
  ['10 of 20 rows are wrong', { changes: [trifle], files: { users: { rows: 20, errors: 10 } } }, []],
  ['11 of 20 rows are wrong', { changes: [trifle], files: { users: { rows: 20, errors: 11 } } }, ['invalid-rows']],
  ['50 of 1,000 rows are wrong', { changes: [trifle], files: { users: { rows: 1000, errors: 50 } } }, []],
  ['51 of 1,000 rows are wrong', { changes: [trifle], files: { users: { rows: 1000, errors: 51 } } }, ['invalid-rows']],
  [
    '51 of 1,000, and 41 last time',
    { changes: [trifle], files: { users: { rows: 1000, errors: 51 } }, last: profile({ invalidRows: { users: 41 } }) },
    [],
  ],
  [
    '51 of 1,000, and 40 last time',
    { changes: [trifle], files: { users: { rows: 1000, errors: 51 } }, last: profile({ invalidRows: { users: 40 } }) },
    ['invalid-rows'],
  ],
  ['wrong rows of roles.csv', { changes: [trifle], files: { roles: { rows: 100, errors: 90 } } }, ['invalid-rows']],
  [
    '50 rows where there were 100',
    { changes: [trifle], files: { users: { rows: 50 } }, last: profile({ bulkRows: { users: 100 } }) },
    [],
  ],
  [
    '49 rows where there were 100',
    { changes: [trifle], files: { users: { rows: 49 } }, last: profile({ bulkRows: { users: 100 } }) },
    ['row-drop'],
  ],
  [
    '1 row where there were 25',
    { changes: [trifle], files: { users: { rows: 1 } }, last: profile({ bulkRows: { users: 25 } }) },
    [],
  ],
  [
    '1 row where there were 26',
    { changes: [trifle], files: { users: { rows: 1 } }, last: profile({ bulkRows: { users: 26 } }) },
    ['row-drop'],
  ],
  [
    'a header only, where there were 26',
    { changes: [trifle], files: { users: { rows: 0 } }, last: profile({ bulkRows: { users: 26 } }) },
    ['row-drop'],
  ],
  [
    'a short delta',
    { changes: [trifle], files: { users: { mode: 'delta', rows: 1 } }, last: profile({ bulkRows: { users: 26 } }) },
    [],
  ],
  [
    'an absent file',
    { changes: [trifle], files: { users: { mode: 'absent' } }, last: profile({ bulkRows: { users: 26 } }) },
    [],
  ],
  [
    'a last profile from before row counts were kept',
    { changes: [trifle], files: { users: { rows: 1 } }, last: { invalidRows: {} } },
    [],
  ],
  ['10 pairs', { changes: [trifle], pairs: 10 }, []],
  ['11 pairs', { changes: [trifle], pairs: 11 }, ['rekey']],
  [
    'orgs of which none is known',
    { table: [school], changes: records(3, 'org').map(added), files: { orgs: { rows: 3 } } },
    ['other-district'],
  ],
  [
    'one of four orgs is known',
    { table: [school], changes: records(3, 'org').map(added), unchanged: { org: 1 }, files: { orgs: { rows: 4 } } },
    [],
  ],
  [
    'the known org is renamed',
    {
      table: [school],
      changes: [...records(3, 'org').map(added), updated(school, { name: 'New' })],
      files: { orgs: { rows: 4 } },
    },
    [],
  ],
  [
    'the known org comes back',
    {
      table: [school, { ...record('org', 'old'), status: 'inactive' }],
      changes: [added(record('org', 'new')), reactivated(record('org', 'old'))],
      files: { orgs: { rows: 2 } },
    },
    [],
  ],
  [
    'unknown orgs in a delta',
    { table: [school], changes: records(3, 'org').map(added), files: { orgs: { mode: 'delta', rows: 3 } } },
    [],
  ],
  ['the first orgs of a district', { changes: records(3, 'org').map(added), files: { orgs: { rows: 3 } } }, []],
  ['a user comes back', { table: students(3, 's'), changes: [reactivated(record('user', 'a'))] }, []],
  [
    'the old id of a re-key comes back',
    { changes: [reactivated(record('user', 'a', {}, { movedTo: 'b' }))] },
    ['moved-id-returns'],
  ],
  [
    'a re-key is taken back',
    { changes: [{ ...reactivated(record('user', 'a', {}, { movedTo: 'b' })), productIdBefore: 'p' }] },
    [],
  ],
  [
    'wrong rows, but nothing to apply',
    { files: { users: { rows: 100, errors: 100 } }, last: profile({ bulkRows: { users: 999 } }), pairs: 99 },
    [],
  ],
];

test.each([...removals, ...schools, ...others])('%s', (_name, plan, codes) => {
  expect(holdsOf(plan).map(({ code }) => code)).toEqual(codes);
});

test('null lets a kind and a school lose all', () => {
  const plan = losing(10, [...students(5, 'lincoln'), ...records(5, 'course'), ...elsewhere]);
  expect(holdsOf(plan).map(({ code }) => code)).toEqual(['removals', 'school-removals']);
  expect(holdsOf(plan, { ...LIMITS, losesAll: 5 }).map(({ code }) => code)).toEqual(['removals', 'school-removals']);
  expect(holdsOf(plan, { ...LIMITS, losesAll: 6 })).toEqual([]);
  expect(holdsOf(plan, { ...LIMITS, losesAll: null })).toEqual([]);
});

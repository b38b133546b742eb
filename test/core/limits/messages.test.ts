import { limitsSchema } from '../../../lib/core/district/limit-settings.ts';
import { LISTED_SCHOOL_HOLDS } from '../../../lib/core/limits/school-limits.ts';
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
} from './watched-plan.ts';

const lincoln = record('org', 'lincoln', { name: 'Lincoln Elementary', type: 'school' });
const elsewhere = students(10_000, 'elsewhere', 'x-');

test('a school that loses nearly all of its students', () => {
  const gone = students(430, 'lincoln').slice(0, 412);
  const table = [lincoln, ...students(430, 'lincoln'), ...elsewhere];
  expect(holdsOf({ table, changes: gone.map(removed) })).toEqual([
    {
      code: 'school-removals',
      message: 'Lincoln Elementary would lose 412 of 430 students (96 %; the limit is 50 %).',
      file: 'users',
      schoolSourcedId: 'lincoln',
      count: 412,
      of: 430,
      share: 0.9581,
      limit: 0.5,
    },
  ]);
});

test('a school whose name is not known goes by its sourcedId, and the name of the delivery counts', () => {
  const gone = [...students(3, 'north'), ...students(2, 'lincoln', 'l-')];
  const renamed = updated(lincoln, { name: 'Lincoln Middle', type: 'school' });
  const holds = holdsOf({ table: [...gone, lincoln, ...elsewhere], changes: [...gone.map(removed), renamed] });
  expect(holds.map(({ message }) => message)).toEqual([
    'north would lose all 3 students.',
    'Lincoln Middle would lose all 2 students.',
  ]);
});

test('kinds, the worst first; thousands are grouped', () => {
  const enrollments = records(20_000, 'enrollment');
  const users = teachers(1000, 's');
  const changes = [...enrollments.slice(0, 2001), ...users, ...records(2, 'class')].map(removed);
  const holds = holdsOf({ table: [...enrollments, ...users, ...records(2, 'class')], changes });
  expect(holds.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'removals: All 1,000 users would become inactive (100 %; the limit is 10 %).',
    'removals: All 2 classes would become inactive.',
    'removals: 2,001 of 20,000 enrollments would become inactive (10.01 %; the limit is 10 %).',
    'school-removals: s would lose all 1,000 users.',
  ]);
});

test('the order of the codes', () => {
  const users = students(100, 's');
  const north = students(60, 'north', 'n-');
  const codes = holdsOf({
    table: [lincoln, ...users, ...north],
    changes: [
      ...north.slice(0, 40).map(removed),
      ...users.map((each) => updated(each, { orgSourcedIds: 's', role: 'student', username: 'new' })),
      ...north.slice(40).map((each) => updated(each, { orgSourcedIds: 'north', role: 'student', username: 'new' })),
      ...records(12, 'org').map(added),
      reactivated(record('user', '10022', {}, { movedTo: '20022' })),
      ...Array.from({ length: 7 }, (_, i) => reactivated(record('user', `old-${i}`, {}, { movedTo: `new-${i}` }))),
    ],
    files: { orgs: { rows: 12 }, users: { rows: 121, errors: 21 } },
    last: { invalidRows: { users: 2 }, bulkRows: { users: 4102 } },
    pairs: 4102,
  }).map(({ code, message }) => `${code}: ${message}`);
  expect(codes).toEqual([
    'other-district: None of the 12 orgs of orgs.csv is known here: this looks like the export of another district.',
    'rekey: 4,102 users seem to have a new sourcedId: they vanish and appear again under another one (the limit is 10).',
    'removals: 40 of 160 users would become inactive (25 %; the limit is 10 %).',
    'school-removals: north would lose 40 of 60 students (67 %; the limit is 50 %).',
    'moved-id-returns: 8 users would come back under sourcedIds that were replaced by new ones: 10022, old-0, old-1, old-2, old-3, and 3 more.',
    'row-drop: users.csv has 121 rows; it last had 4,102 (3 %; the limit is 50 %).',
    'invalid-rows: users.csv has 21 rows with an error out of 121 (17 %; the limit is 5 %); it had 2 last time.',
  ]);
});

test('one of each', () => {
  const messages = holdsOf({
    table: [lincoln],
    changes: [added(record('org', 'x')), reactivated(record('user', '10022', {}, { movedTo: '20022' }))],
    files: { orgs: { rows: 1 }, users: { rows: 0 }, classes: { rows: 1 } },
    last: { invalidRows: {}, bulkRows: { users: 100, classes: 100 } },
  }).map(({ message }) => message);
  expect(messages).toEqual([
    'The only org of orgs.csv is not known here: this looks like the export of another district.',
    '1 user would come back under a sourcedId that was replaced by a new one: 10022.',
    'users.csv has no rows; it last had 100 (0 %; the limit is 50 %).',
    'classes.csv has 1 row; it last had 100 (1 %; the limit is 50 %).',
  ]);
});

test('many schools: people first, then the largest losses; the rest is counted', () => {
  const gone = Array.from({ length: LISTED_SCHOOL_HOLDS }, (_, i) => [
    ...students(i + 2, `s-${i}`, `${i}-`),
    ...records(100, 'enrollment', { schoolSourcedId: `s-${i}` }, `${i}-`),
  ]).flat();
  const table = [...gone, ...elsewhere, ...records(100_000, 'enrollment', {}, 'x-')];
  const holds = holdsOf({ table, changes: gone.map(removed) }).filter(({ code }) => code === 'school-removals');
  expect(holds).toHaveLength(LISTED_SCHOOL_HOLDS + 1);
  expect(holds[0]?.message).toBe('s-49 would lose all 51 students (100 %; the limit is 50 %).');
  expect(holds.slice(0, -1).every(({ file }) => file === 'users')).toBe(true);
  expect(holds.at(-1)).toEqual({
    code: 'school-removals',
    message: '50 more losses of this kind at 50 schools are not listed.',
    count: 50,
  });
});

test('a share is told with the decimals that it takes to see it', () => {
  const message = (gone: number, of: number, limits = LIMITS) =>
    holdsOf({ table: students(of, 's'), changes: students(gone, 's').map(removed) }, limits)[0]?.message;
  const with125 = limitsSchema.parse({ removals: { share: 0.125 } });
  expect(message(1001, 10_000)).toContain('(10.01 %; the limit is 10 %)');
  expect(message(9999, 10_000)).toContain('(99.99 %; the limit is 10 %)');
  expect(message(1251, 10_000, with125)).toContain('(13 %; the limit is 12.5 %)');
});

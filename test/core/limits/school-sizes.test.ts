import fc from 'fast-check';
import { LimitWatch } from '../../../lib/core/limits/limit-watch.ts';
import { LISTED_SCHOOLS, listSchools, type SchoolSize } from '../../../lib/core/limits/school-sizes.ts';
import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import type { Change, StoredRecord } from '../../../lib/core/plan/change.ts';
import { added, type Cells, reactivated, record, removed, updated } from './watched-plan.ts';

const KINDS: readonly RecordKind[] = ['org', 'class', 'user', 'enrollment'];

interface Given {
  readonly table?: readonly StoredRecord[];
  readonly changes?: readonly Change[];
  readonly read?: readonly RecordKind[];
  readonly readings?: number;
}

function sizesOf({ table = [], changes = [], read = KINDS, readings = 1 }: Given) {
  const watch = new LimitWatch();
  const see = (kind: RecordKind) => {
    watch.startTable(kind);
    watch.sawTable(
      kind,
      table.filter((each) => each.kind === kind),
    );
  };
  for (let reading = 1; reading < readings; reading++) for (const kind of read) see(kind);
  watch.sawChanges(changes);
  for (const kind of read) see(kind);
  return watch.schoolSizes();
}

const school = (id: string, name = `${id} school`) => record('org', id, { name, type: 'school' });
const person = (id: string, orgSourcedIds: string, role = 'student') => record('user', id, { orgSourcedIds, role });
const group = (id: string, schoolSourcedId: string) => record('class', id, { schoolSourcedId });
const seat = (id: string, schoolSourcedId: string) => record('enrollment', id, { schoolSourcedId });

const FIRST = [
  school('oak', 'Oak Hill'),
  school('elm', 'Elm'),
  record('org', 'd', { name: 'District', type: 'district' }),
  ...[person('a', 'oak'), person('b', 'oak,elm'), person('t', 'oak,d', 'teacher'), person('p', 'oak', 'parent')],
  ...[group('k', 'oak'), seat('e1', 'oak'), seat('e2', 'oak')],
];
const OAK: SchoolSize = { sourcedId: 'oak', name: 'Oak Hill', students: 2, staff: 1, classes: 1, enrollments: 2 };
const ELM: SchoolSize = { sourcedId: 'elm', name: 'Elm', students: 1, staff: 0, classes: 0, enrollments: 0 };

describe('R11: what each school will have', () => {
  test.each<[string, Given, SchoolSize[]]>([
    ['a first plan', { changes: FIRST.map(added) }, [OAK, ELM]],
    ['a plan that changes nothing', { table: FIRST }, [OAK, ELM]],
    ['a table that is read twice', { table: FIRST, readings: 2 }, [OAK, ELM]],
    [
      'a user who moves, and one who becomes staff',
      {
        table: FIRST,
        changes: [
          updated(person('b', 'oak,elm'), { orgSourcedIds: 'elm', role: 'student' }),
          updated(person('a', 'oak'), { orgSourcedIds: 'oak', role: 'aide' }),
        ],
      },
      [ELM, { ...OAK, students: 0, staff: 2 }],
    ],
    ['a school that closes', { table: FIRST, changes: [removed(school('elm', 'Elm'))] }, [OAK]],
    [
      'a school that is renamed, whatever is read later',
      { table: FIRST, changes: [updated(school('elm', 'Elm'), { name: 'Elm Street', type: 'school' })] },
      [OAK, { ...ELM, name: 'Elm Street' }],
    ],
    [
      'inactive records, and one that comes back',
      {
        table: [...FIRST, { ...person('x', 'elm'), status: 'inactive' }, { ...person('y', 'elm'), status: 'inactive' }],
        changes: [reactivated(person('x', 'elm'))],
      },
      [{ ...OAK }, { ...ELM, students: 2 }],
    ],
    [
      'a kind that is not read',
      { table: FIRST, read: ['org', 'class', 'user'] },
      [
        { ...OAK, enrollments: null },
        { ...ELM, enrollments: null },
      ],
    ],
  ])('%s', (_name, given, schools) => {
    const sizes = sizesOf(given);
    expect(sizes.schoolCount).toBe(schools.length);
    expect(sizes.schools).toEqual(schools);
  });

  const cells = fc.record({
    orgSourcedIds: fc.subarray(['oak', 'elm', 'ash']).map((ids) => ids.join(',')),
    role: fc.constantFrom('student', 'teacher', 'parent', 'counselor'),
  });
  const fates = fc.array(
    fc.record({ fate: fc.constantFrom('stays', 'goes', 'changes', 'comes', 'returns'), before: cells, after: cells }),
  );

  test('is what one counts in the roster after the plan', () => {
    fc.assert(
      fc.property(fates, (histories) => {
        const schools = ['oak', 'elm', 'ash'].map((id) => school(id));
        const table: StoredRecord[] = [...schools];
        const changes: Change[] = [];
        const after: Cells[] = [];
        histories.forEach(({ fate, before, after: next }, at) => {
          const each = record('user', `u${at}`, before);
          if (fate === 'returns') table.push({ ...each, status: 'inactive' });
          else if (fate !== 'comes') table.push(each);
          if (fate === 'goes') changes.push(removed(each));
          if (fate === 'changes') changes.push(updated(each, next));
          if (fate === 'comes') changes.push(added(each));
          if (fate === 'returns') changes.push(reactivated(each));
          if (fate !== 'goes') after.push(fate === 'changes' ? next : before);
        });
        const has = (id: string, roles: readonly string[]) =>
          after.filter(({ orgSourcedIds, role }) => orgSourcedIds!.split(',').includes(id) && roles.includes(role!))
            .length;
        const counted = Object.fromEntries(
          sizesOf({ table, changes }).schools.map(({ sourcedId, students, staff }) => [sourcedId, [students, staff]]),
        );
        const expected = ['oak', 'elm', 'ash'].map((id) => [
          id,
          [has(id, ['student']), has(id, ['teacher', 'counselor'])],
        ]);
        expect(counted).toEqual(Object.fromEntries(expected));
      }),
    );
  });
});

test('of more schools than are listed, the largest and the smallest are', () => {
  const all = Array.from({ length: LISTED_SCHOOLS + 7 }, (_, students) => {
    return { sourcedId: `s${students}`, name: '', students, staff: 0, classes: 0, enrollments: 0 };
  });
  const { schoolCount, schools } = listSchools(all);
  expect([schoolCount, schools.length]).toEqual([LISTED_SCHOOLS + 7, LISTED_SCHOOLS]);
  expect([schools[0]?.students, schools.at(-1)?.students]).toEqual([LISTED_SCHOOLS + 6, 0]);
});

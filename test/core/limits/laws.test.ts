import fc from 'fast-check';
import type { Hold } from '../../../lib/core/limits/hold.ts';
import type { Limits } from '../../../lib/core/limits/limit-settings.ts';
import type { Change, StoredRecord } from '../../../lib/core/plan/change.ts';
import { added, holdsOf, LIMITS, reactivated, record, removed, updated, type WatchedPlan } from './watched-plan.ts';

const SCHOOLS = ['north', 'south', 'east'];

interface User {
  readonly schools: readonly string[];
  readonly role: 'student' | 'teacher';
}
type Fate = 'stays' | 'goes' | 'changes' | 'was inactive' | 'comes back' | 'is new';

const user: fc.Arbitrary<User> = fc.record({
  schools: fc.subarray(SCHOOLS),
  role: fc.constantFrom('student', 'student', 'teacher'),
});
const history = fc.record({
  fate: fc.constantFrom<Fate>('stays', 'goes', 'goes', 'changes', 'was inactive', 'comes back', 'is new'),
  before: user,
  after: user,
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const lineOf = (id: string, { schools, role }: User) => record('user', id, { orgSourcedIds: schools.join(','), role });

function planOf(histories: readonly History[]): WatchedPlan {
  const table: StoredRecord[] = [];
  const changes: Change[] = [];
  histories.forEach(({ fate, before, after }, i) => {
    const each = lineOf(`u-${i}`, before);
    const active = fate === 'stays' || fate === 'goes' || fate === 'changes';
    if (fate !== 'is new') table.push(active ? each : { ...each, status: 'inactive' });
    if (fate === 'goes') changes.push(removed(each));
    if (fate === 'changes') changes.push(updated(each, { orgSourcedIds: after.schools.join(','), role: after.role }));
    if (fate === 'comes back') changes.push(reactivated(each));
    if (fate === 'is new') changes.push(added(each));
  });
  return { table, changes };
}

const share = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
const floor = fc.integer({ min: 0, max: 6 });
const pair = fc.record({ share, floor });
const limits: fc.Arbitrary<Limits> = fc.record({
  removals: fc.record({ share, floors: floor.map((user) => ({ ...LIMITS.removals.floors, user })) }),
  schoolRemovals: pair,
  updates: pair,
  invalidRows: pair,
  rowDrop: pair,
  losesAll: fc.option(fc.integer({ min: 1, max: 5 })),
  rekeyPairs: floor,
});
const plans: fc.Arbitrary<WatchedPlan> = fc
  .record({ histories: fc.array(history, { maxLength: 40 }), rows: floor, errors: floor, last: floor, pairs: floor })
  .map(({ histories, rows, errors, last, pairs }) => ({
    ...planOf(histories),
    files: { users: { rows: rows + errors, errors } },
    last: { invalidRows: { users: last }, bulkRows: { users: 3 * last } },
    pairs,
  }));

/** What a hold is about, whatever it says. */
const subjects = (holds: readonly Hold[]) =>
  holds.map(({ code, file, schoolSourcedId }) => `${code} ${file} ${schoolSourcedId ?? ''}`);

test('R11: a plan that changes nothing is never held', () => {
  fc.assert(
    fc.property(plans, limits, (plan, some) => {
      expect(holdsOf({ ...plan, changes: [] }, some)).toEqual([]);
    }),
  );
});

test('R11: a looser limit never holds what a tighter one lets through', () => {
  const both = fc.tuple(limits, limits).map(([a, b]) => [a, looser(a, b)] as const);
  fc.assert(
    fc.property(plans, both, (plan, [tight, loose]) => {
      expect(subjects(holdsOf(plan, tight))).toEqual(expect.arrayContaining(subjects(holdsOf(plan, loose))));
    }),
    { numRuns: 500 },
  );
});

function looser(a: Limits, b: Limits): Limits {
  const max = (one: { share: number; floor: number }, two: { share: number; floor: number }) => ({
    share: Math.max(one.share, two.share),
    floor: Math.max(one.floor, two.floor),
  });
  return {
    removals: {
      share: Math.max(a.removals.share, b.removals.share),
      floors: { ...a.removals.floors, user: Math.max(a.removals.floors.user, b.removals.floors.user) },
    },
    schoolRemovals: max(a.schoolRemovals, b.schoolRemovals),
    updates: max(a.updates, b.updates),
    invalidRows: max(a.invalidRows, b.invalidRows),
    // A file may shrink to this share: the smaller, the looser.
    rowDrop: { share: Math.min(a.rowDrop.share, b.rowDrop.share), floor: Math.max(a.rowDrop.floor, b.rowDrop.floor) },
    losesAll: a.losesAll === null || b.losesAll === null ? null : Math.max(a.losesAll, b.losesAll),
    rekeyPairs: Math.max(a.rekeyPairs, b.rekeyPairs),
  };
}

test('R11: a school is held exactly when its students, or all of its users, are too few of those it had', () => {
  fc.assert(
    fc.property(fc.array(history, { maxLength: 40 }), limits, (histories, some) => {
      const held = holdsOf(planOf(histories), some).flatMap(({ schoolSourcedId }) => schoolSourcedId ?? []);
      const expected = SCHOOLS.filter((school) => loses(histories, school, some));
      expect([...held].sort()).toEqual([...expected].sort());
    }),
    { numRuns: 500 },
  );
});

/** The same, by looking at each user twice. */
function loses(histories: readonly History[], school: string, { schoolRemovals, losesAll }: Limits): boolean {
  const was = ({ fate, before }: History) =>
    ['stays', 'goes', 'changes'].includes(fate) && before.schools.includes(school) ? before.role : null;
  const is = ({ fate, before, after }: History) => {
    if (fate === 'goes') return null;
    const user = fate === 'changes' ? after : before;
    return user.schools.includes(school) ? user.role : null;
  };
  const users = histories.filter((each) => was(each) !== null);
  const pupils = users.filter((each) => was(each) === 'student');
  const goneUsers = users.filter((each) => is(each) === null);
  const gonePupils = pupils.filter((each) => is(each) !== 'student');
  const all = (of: number, gone: number) => losesAll !== null && of >= losesAll && gone === of;
  return (
    (gonePupils.length > schoolRemovals.floor && gonePupils.length / pupils.length > schoolRemovals.share) ||
    all(pupils.length, gonePupils.length) ||
    all(users.length, goneUsers.length)
  );
}

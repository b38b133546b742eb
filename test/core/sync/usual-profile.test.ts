import fc from 'fast-check';
import { EMPTY_SYNC } from '../../../lib/core/sync/new-sync.ts';
import type { DeliveryProfile, Sync } from '../../../lib/core/sync/sync.ts';
import { usualApplied, usualOf, usualUnchanged } from '../../../lib/core/sync/usual-profile.ts';

/** A delivery with one file: users.csv. `bulk` is null for a delta. */
const users = (bulk: number | null, invalid = 0, unreadable = 0, lineEnd = true): DeliveryProfile => ({
  rows: { users: bulk ?? 1 },
  invalidRows: { users: invalid },
  unreadableRows: bulk === null ? {} : { users: unreadable },
  bulkRows: bulk === null ? {} : { users: bulk },
  endsWithLineEnd: { users: lineEnd },
});

const WITHOUT_USERS: DeliveryProfile = {
  rows: { orgs: 2 },
  invalidRows: { orgs: 0 },
  unreadableRows: { orgs: 0 },
  bulkRows: { orgs: 2 },
  endsWithLineEnd: { orgs: true },
};

/** What is usual of users.csv: rows, invalid rows, unreadable rows, last line end. */
const seenIn = ({ bulkRows, invalidRows, unreadableRows, endsWithLineEnd }: DeliveryProfile) => [
  bulkRows.users,
  invalidRows.users,
  unreadableRows.users,
  endsWithLineEnd?.users,
];

const LAST = users(40, 5, 3);

describe('R5, R11, R16: what is usual once a delivery was applied', () => {
  test.each([
    ['nothing was before', null, users(30, 9, 1), [30, 9, 1, true]],
    ['a full file', LAST, users(30, 9, 1, false), [30, 9, 1, false]],
    ['a file that it lacks', LAST, WITHOUT_USERS, [40, 5, 3, true]],
    ['a delta, where a full file is known', LAST, users(null, 9), [40, 5, 3, true]],
    ['a delta, where nothing is known', null, users(null, 9), [undefined, 9, undefined, true]],
    ['an empty full file', LAST, users(0), [0, 0, 0, true]],
  ] as const)('%s', (_name, earlier, own, expected) => {
    expect(seenIn(usualApplied(earlier, own))).toEqual(expected);
  });
});

describe('R5, R6, R11, R16: what is usual after a delivery that changed nothing', () => {
  test.each([
    ['nothing was before', null, users(30, 9, 1), [30, undefined, undefined, true]],
    ['more damage is not usual', LAST, users(30, 9, 4), [30, 5, 3, true]],
    ['less is', LAST, users(30, 1, 0), [30, 1, 0, true]],
    ['nor is a file that lacks its last line end', LAST, users(40, 5, 3, false), [40, 5, 3, true]],
    ['one that has it is', users(40, 5, 3, false), LAST, [40, 5, 3, true]],
    ['an empty file says nothing about how long it is', LAST, users(0), [40, 0, 0, true]],
    ['a file that it lacks', LAST, WITHOUT_USERS, [40, 5, 3, true]],
  ] as const)('%s', (_name, earlier, own, expected) => {
    expect(seenIn(usualUnchanged(earlier, own))).toEqual(expected);
  });
});

const minute = (at: number) => new Date(Date.UTC(2026, 10, 23, 0, at)).toISOString();

const syncOf = (syncId: string, at: number, more: Partial<Sync>): Sync => ({
  ...EMPTY_SYNC,
  ...{ districtId: 'maple', syncId, deliveryId: `d-${syncId}`, attempt: 1 },
  ...{ createdAt: minute(at), endedAt: minute(at), state: 'applied' as const },
  ...more,
});

/** One delivery an hour. `undos`: after how many minutes it is undone, then that undo is undone, and so on. */
interface Night {
  readonly own: DeliveryProfile;
  readonly unchanged: boolean;
  readonly undos: readonly number[];
}

const HOUR = 60;

const nights: fc.Arbitrary<Night[]> = fc.array(
  fc.record({
    own: fc.oneof(
      fc.constant(WITHOUT_USERS),
      fc
        .tuple(fc.option(fc.nat(50)), fc.nat(5), fc.nat(5), fc.boolean())
        .map(([bulk, invalid, unreadable, lineEnd]) => users(bulk, invalid, unreadable, lineEnd)),
    ),
    unchanged: fc.boolean(),
    undos: fc
      .uniqueArray(fc.integer({ min: 1, max: 4 * HOUR - 1 }), { maxLength: 3 })
      .map((minutes) => minutes.filter((at) => at % HOUR !== 0).toSorted((a, b) => a - b)),
  }),
  { maxLength: 6 },
);

/** Its ids say nothing about what ended first. */
function logOf(history: readonly Night[]): Sync[] {
  return history.flatMap(({ own, unchanged, undos }, night): Sync[] => {
    const id = (undo: number) => `s${9 - night}-${undo}`;
    if (unchanged) return [syncOf(id(0), night * HOUR, { state: 'unchanged', ownProfile: own })];
    return [0, ...undos].map((minutes, undo) => {
      const what = undo === 0 ? { ownProfile: own } : { origin: 'undo' as const };
      const taken = undo < undos.length ? { state: 'undone' as const, undoneBy: id(undo + 1) } : {};
      return syncOf(id(undo), night * HOUR + minutes, { ...what, ...taken });
    });
  });
}

/** Whether a delivery is in the table at a minute. */
const isThere = ({ unchanged, undos }: Night, night: number, at: number): boolean =>
  unchanged || undos.filter((minutes) => night * HOUR + minutes <= at).length % 2 === 0;

/** What is usual if what is undone in the end had never come, nor what changed nothing of another table. */
function expectedAfter(history: readonly Night[]): DeliveryProfile {
  let usual: DeliveryProfile | null = null;
  for (const [night, { own, unchanged }] of history.entries()) {
    if (!isThere(history[night]!, night, Number.POSITIVE_INFINITY)) continue;
    const isAsThen = history
      .slice(0, night)
      .every((each, at) => isThere(each, at, night * HOUR) === isThere(each, at, Number.POSITIVE_INFINITY));
    if (!unchanged) usual = usualApplied(usual, own);
    else if (isAsThen) usual = usualUnchanged(usual, own);
  }
  return usual ?? { rows: {}, invalidRows: {}, unreadableRows: {}, bulkRows: {} };
}

describe('R14: what is usual after an undo', () => {
  test('is what it would be if what was undone had never come, and all else as it came', () => {
    fc.assert(
      fc.property(nights, fc.infiniteStream(fc.nat()), (history, order) => {
        const shuffled = logOf(history)
          .map((sync) => [order.next().value, sync] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, sync]) => sync);
        expect(usualOf(shuffled)).toEqual(expectedAfter(history));
      }),
    );
  });

  test('the undo that has not ended is the one that ends now', () => {
    const damaged = syncOf('s2', 2, { ownProfile: users(40, 12), state: 'undone', undoneBy: 's4' });
    const log = [
      syncOf('s1', 1, { ownProfile: users(30) }),
      damaged,
      syncOf('s3', 3, { ownProfile: users(40, 12), state: 'unchanged' }),
      syncOf('s4', 4, { origin: 'undo', state: 'applying', endedAt: null }),
    ];
    expect(seenIn(usualOf(log))).toEqual([30, 0, 0, true]);
  });

  test('what is undone by a sync that is not known is not there', () => {
    const log = [
      syncOf('s1', 1, { ownProfile: users(30) }),
      syncOf('s2', 2, { ownProfile: users(40, 12), state: 'undone', undoneBy: 's-gone' }),
    ];
    expect(seenIn(usualOf(log))).toEqual([30, 0, 0, true]);
  });

  test('begins with what was usual before the oldest sync that is known, and passes by what never came into the table', () => {
    // Planned first, and approved last.
    const held = syncOf('s1', 1, { endedAt: minute(9), ownProfile: WITHOUT_USERS, previousProfile: LAST });
    const known = syncOf('s2', 2, { ownProfile: WITHOUT_USERS, previousProfile: users(20, 2, 2) });
    const others = (['held', 'rejected', 'failed', 'checked', 'superseded'] as const).map((state, at) =>
      syncOf(`s0-${at}`, 0, { state, ownProfile: users(1, 1, 1) }),
    );
    expect(seenIn(usualOf([...others, known, held]))).toEqual([40, 5, 3, true]);
  });

  test('a sync of before its own counts were kept says what it said then', () => {
    expect(seenIn(usualOf([syncOf('s1', 1, { profile: LAST })]))).toEqual([40, 5, 3, true]);
  });
});

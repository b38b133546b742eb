import fc from 'fast-check';
import { blockersOf, type Outcome } from '../../../lib/core/sync/blocked-deltas.ts';
import { expendableOf, inOrderOfRemoval } from '../../../lib/core/sync/expendable.ts';
import type { SyncState } from '../../../lib/core/sync/states.ts';
import type { Delivery } from '../../../lib/core/sync/sync.ts';

const FILES = ['orgs', 'users', 'enrollments'];

const delivery = (deliveryId: string, more: Partial<Delivery> = {}): Delivery => ({
  ...{ districtId: 'maple', deliveryId, state: 'planned', folder: '', packaging: 'zip', order: deliveryId },
  ...{ hasDelta: false, bulkFiles: FILES, deltaFiles: [], openedAt: '', receivedAt: '', syncId: null },
  ...more,
});
const bulk = (id: string, state: SyncState, bulkFiles = FILES): Outcome => ({
  delivery: delivery(id, { bulkFiles }),
  state,
});
const delta = (id: string, state: SyncState): Outcome => ({
  delivery: delivery(id, { hasDelta: true, bulkFiles: [], deltaFiles: ['users'] }),
  state,
});

const goes = (looked: readonly Outcome[], old = looked): readonly string[] =>
  expendableOf(
    old.map((each) => each.delivery),
    looked,
  ).map(({ deliveryId }) => deliveryId);

test.each<[string, readonly Outcome[], readonly string[]]>([
  ['night after night', [bulk('d1', 'applied'), bulk('d2', 'unchanged')], ['d1', 'd2']],
  ['a rejected one that a bulk one has made good', [bulk('d1', 'rejected'), bulk('d2', 'applied')], ['d1', 'd2']],
  ['a rejected one that nothing has made good stays', [bulk('d1', 'applied'), bulk('d2', 'rejected')], ['d1']],
  ['a delta that was not taken stays', [bulk('d1', 'applied'), delta('d2', 'rejected')], ['d1']],
  [
    'what was taken after one that stays does so too',
    [bulk('d1', 'rejected'), bulk('d2', 'applied', ['users']), bulk('d3', 'applied', ['orgs'])],
    [],
  ],
])('%s', (_name, looked, expected) => {
  expect(goes(looked)).toEqual(expected);
});

test('while what was not taken is too young to go, what made it good stays', () => {
  const looked = [bulk('d1', 'rejected'), bulk('d2', 'applied')];
  expect(goes(looked, looked.slice(1))).toEqual([]);
});

test('behind all that a delta looks at, everything may go', () => {
  expect(goes([bulk('d2', 'applied')], [bulk('d1', 'rejected')])).toEqual(['d1']);
});

const STATES: readonly SyncState[] = [
  ...(['applied', 'unchanged', 'held', 'rejected', 'incomplete', 'failed', 'undone'] as const),
  ...(['superseded', 'checked'] as const),
];
const someFiles = fc.subarray(FILES);
const outcomes = fc
  .array(
    fc.record({
      order: fc.integer({ min: 0, max: 99 }),
      state: fc.constantFrom(...STATES),
      bulkFiles: someFiles,
      deltaFiles: fc.oneof({ weight: 3, arbitrary: fc.constant([] as string[]) }, someFiles),
      folder: fc.constantFrom('', '', '', 'test'),
      isOld: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ order, state, isOld, deltaFiles, ...more }, at) => ({
      isOld,
      outcome: {
        delivery: delivery(`d${String(at).padStart(2, '0')}`, {
          ...more,
          order: String(order).padStart(2, '0'),
          deltaFiles,
          hasDelta: deltaFiles.length > 0,
          // Put aside while it waited, or held first.
          state: state === 'superseded' && at % 2 === 0 ? 'superseded' : 'planned',
        }),
        state,
      } satisfies Outcome,
    })),
  );

test('R15: without them every later delta is blocked by the same deliveries', () => {
  fc.assert(
    fc.property(outcomes, someFiles, (all, deltaFiles) => {
      const looked = all.map(({ outcome }) => outcome);
      const sent = new Set(looked.flatMap(({ delivery: each }) => [...each.bulkFiles, ...each.deltaFiles]));
      const last = delivery('d99', {
        order: '99x',
        hasDelta: true,
        bulkFiles: [],
        deltaFiles: deltaFiles.filter((file) => sent.has(file)),
      });
      const old = all.filter(({ isOld }) => isOld).map(({ outcome }) => outcome);
      const gone = new Set(goes(looked, old));
      const left = looked.filter((each) => !gone.has(each.delivery.deliveryId));
      const ids = (rows: readonly Outcome[]) =>
        blockersOf(last, rows).map(({ delivery: { deliveryId } }) => deliveryId);
      expect(ids(left)).toEqual(ids(looked));
      // Also where the night ends in between: what is gone by then has not blocked what was free.
      const going = expendableOf(
        old.map((each) => each.delivery),
        looked,
      );
      let rest = looked;
      for (const { deliveryId } of inOrderOfRemoval(going, looked)) {
        rest = rest.filter((each) => each.delivery.deliveryId !== deliveryId);
        expect(ids(looked)).toEqual(expect.arrayContaining([...ids(rest)]));
      }
    }),
    { numRuns: 2_000 },
  );
});

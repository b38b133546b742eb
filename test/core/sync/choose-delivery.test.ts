import { blockedInWords } from '../../../lib/core/explain/blocked-words.ts';
import { type Blocker, blockersOf, explainBlocked, type Outcome } from '../../../lib/core/sync/blocked-deltas.ts';
import { chooseDelivery, isTooLateFor, takesPlaceOf } from '../../../lib/core/sync/choose-delivery.ts';
import { NEW_DISTRICT_STATE } from '../../../lib/core/sync/new-district.ts';
import { EMPTY_SYNC } from '../../../lib/core/sync/new-sync.ts';
import type { Delivery, DistrictState, Sync } from '../../../lib/core/sync/sync.ts';

const ALL = ['orgs', 'users', 'enrollments'];

const delivery = (deliveryId: string, more: Partial<Delivery> = {}): Delivery => ({
  districtId: 'maple',
  deliveryId,
  state: 'received',
  folder: '',
  packaging: 'zip',
  order: deliveryId,
  hasDelta: false,
  bulkFiles: ALL,
  deltaFiles: [],
  openedAt: '',
  receivedAt: '',
  syncId: null,
  ...more,
});

const delta = (id: string) => delivery(id, { hasDelta: true, bulkFiles: [], deltaFiles: ['users'] });
const dryRun = (id: string) => delivery(id, { folder: 'test' });
const unreadable = (id: string) => delivery(id, { bulkFiles: [] });
const onlyUsers = (id: string) => delivery(id, { bulkFiles: ['users'] });

const IDENTITY = { districtId: 'maple', syncId: 's2', deliveryId: 'd2', createdAt: '', attempt: 1 };
const PROFILE = { rows: {}, invalidRows: {}, unreadableRows: {}, bulkRows: {} };
const LAST = { syncId: 's', deliveryId: 'd', order: '', appliedAt: '', profile: PROFILE };

const cases: readonly [
  name: string,
  waiting: readonly Delivery[],
  lastApplied: string | null,
  next: string | null,
  superseded: readonly string[],
  replaced?: readonly string[],
][] = [
  ['nothing waits', [], null, null, []],
  ['one waits', [delivery('d1')], null, 'd1', []],
  ['the newest of several bulk ones', [delivery('d1'), delivery('d2'), delivery('d3')], null, 'd3', [], ['d1', 'd2']],
  ['one that is older than the last applied', [delivery('d1')], 'd2', null, ['d1']],
  ['the last applied itself, sent again', [delivery('d2')], 'd2', null, ['d2']],
  ['an old one, and a new one behind it', [delivery('d1'), delivery('d3')], 'd2', 'd3', ['d1']],
  ['deltas run in order', [delta('d1'), delta('d2')], null, 'd1', []],
  ['a delta is not superseded by a bulk one', [delta('d1'), delivery('d2')], null, 'd1', []],
  ['a bulk one is not superseded by a delta', [delivery('d1'), delta('d2')], null, 'd1', []],
  ['a bulk one is not replaced across a delta', [delivery('d1'), delta('d2'), delivery('d3')], null, 'd1', []],
  ['an unreadable upload replaces nothing', [delivery('d1'), unreadable('d2')], null, 'd1', []],
  ['an unreadable upload is still looked at', [unreadable('d1'), delivery('d2')], null, 'd1', []],
  ['one with fewer files replaces nothing', [delivery('d1'), onlyUsers('d2')], null, 'd1', []],
  ['one with more files replaces', [onlyUsers('d1'), delivery('d2')], null, 'd2', [], ['d1']],
  ['nobody jumps over what it does not replace', [delivery('d1'), unreadable('d2'), delivery('d3')], null, 'd1', []],
  ['a dry run between two', [delivery('d1'), dryRun('d2'), delivery('d3')], null, 'd3', [], ['d1']],
  ['a dry run goes at once and supersedes nobody', [dryRun('d1'), delivery('d2')], null, 'd1', []],
  ['a dry run behind a real one', [delivery('d1'), dryRun('d2')], null, 'd1', []],
  ['a dry run may be older than the last applied', [dryRun('d1')], 'd2', 'd1', []],
];

describe('R15: which waiting delivery is next', () => {
  test.each(cases)('%s', (_name, waiting, lastApplied, next, superseded, replaced = []) => {
    const choice = chooseDelivery(waiting, lastApplied);
    expect(choice.next?.deliveryId ?? null).toBe(next);
    expect(choice.superseded.map(({ deliveryId }) => deliveryId)).toEqual(superseded);
    expect(choice.replaced.map(({ deliveryId }) => deliveryId)).toEqual(replaced);
  });
});

describe('R11: where the held one can no longer be approved', () => {
  const cases: readonly [string, Delivery, Delivery, boolean][] = [
    ['a newer bulk one of other files does', onlyUsers('d3'), delivery('d2'), true],
    ['an older one that came late does not', onlyUsers('d1'), delivery('d2'), false],
    ['a delta does not', delta('d3'), delivery('d2'), false],
    ['a dry run does not', dryRun('d3'), delivery('d2'), false],
    ['nobody takes the place of a delta (R15) …', delivery('d3', { bulkFiles: ['orgs'] }), delta('d2'), false],
    ['… but a bulk one of its files', delivery('d3'), delta('d2'), true],
  ];
  test.each(cases)('%s', (_name, newer, held, takes) => {
    expect(takesPlaceOf(newer, held, true)).toBe(takes);
  });

  test.each<[string, Partial<DistrictState>, boolean]>([
    ['nothing happened', {}, false],
    ['something is being applied', { applyingSyncId: 's' }, true],
    ['something was applied, undone or re-keyed', { revision: 8 }, true],
    ['something newer changed nothing', { lastApplied: { ...LAST, order: 'd3' } }, true],
    ['something older is in the roster', { lastApplied: { ...LAST, order: 'd1' } }, false],
  ])('%s', (_name, state, tooLate) => {
    const sync: Sync = { ...EMPTY_SYNC, ...IDENTITY, state: 'held', basis: 7 };
    expect(isTooLateFor(sync, delivery('d2'), { ...NEW_DISTRICT_STATE, revision: 7, ...state })).toBe(tooLate);
  });
});

describe('R15: what blocks a delta', () => {
  const became = (of: Delivery, state: Outcome['state']): Outcome => ({ delivery: of, state });
  const planned = (id: string, more: Partial<Delivery> = {}) => delivery(id, { state: 'planned', ...more });
  const cases: readonly [string, readonly Outcome[], readonly string[]][] = [
    ['nothing', [], []],
    ['what was taken does not', [became(planned('d1'), 'applied'), became(planned('d2'), 'unchanged')], []],
    [
      'what was held, rejected or never whole',
      [
        became(planned('d1'), 'held'),
        became(planned('d2'), 'rejected'),
        became(delivery('d3', { state: 'incomplete' }), 'incomplete'),
      ],
      ['d1', 'd2', 'd3'],
    ],
    ['not what is newer', [became(planned('d9'), 'held')], []],
    [
      'not where all of its files came in full since',
      [became(planned('d1'), 'held'), became(planned('d2'), 'applied')],
      [],
    ],
    ['but where some of them did', [became(planned('d1'), 'held'), became(onlyUsers('d2'), 'applied')], ['d1']],
    [
      'a held one that gave way to one of other files',
      [became(planned('d1'), 'superseded'), became(onlyUsers('d2'), 'applied')],
      ['d1'],
    ],
    [
      'not a held one that gave way to one of its files',
      [became(planned('d1'), 'superseded'), became(planned('d2'), 'applied')],
      [],
    ],
    [
      'not a bulk one that was superseded while it waited',
      [became(delivery('d1', { state: 'superseded' }), 'superseded')],
      [],
    ],
    ['a delta that was passed by', [became(delta('d1'), 'superseded')], ['d1']],
    ['not a dry run', [became(dryRun('d1'), 'rejected')], []],
  ];
  test.each(cases)('%s', (_name, outcomes, by) => {
    expect(blockersOf(delta('d5'), outcomes).map((each) => each.delivery.deliveryId)).toEqual(by);
  });

  test('who only waits behind a blocked one waits for the same, oldest first', () => {
    const outcomes = [became(planned('d2'), 'rejected'), became(planned('d1'), 'held')];
    const by = [
      { deliveryId: 'd1', state: 'held' },
      { deliveryId: 'd2', state: 'rejected' },
    ];
    expect(explainBlocked([delta('d5'), delta('d6')], outcomes).map((each) => each.by)).toEqual([by, by]);
  });
});

test.each<[readonly Blocker[], string]>([
  [[{ deliveryId: 'd1', state: 'held' }], 'waits: what it builds on (d1) was held; decide it, or send a full export'],
  [[{ deliveryId: 'd1', state: 'rejected' }], 'waits: what it builds on (d1) was rejected; send a full export'],
  [
    ['d1', 'd2', 'd3', 'd4', 'd5'].map((deliveryId) => ({ deliveryId, state: 'incomplete' as const })),
    'waits: what it builds on (d3) never became whole, (d4) never became whole and (d5) never became whole, and 2 earlier; send a full export',
  ],
])('words for people: %#', (by, words) => {
  expect(blockedInWords(by)).toBe(words);
});

describe('R11: what takes the place of a held delivery', () => {
  const held = delivery('d2');
  test.each([
    ['a newer one of the same files', delivery('d3'), true],
    ['an older one that came late', delivery('d1'), false],
    ['one with fewer files', onlyUsers('d3'), false],
    ['a delta', delta('d3'), false],
    ['a dry run', dryRun('d3'), false],
  ])('%s: %#', (_name, other, takes) => {
    expect(takesPlaceOf(other, held)).toBe(takes);
  });
});

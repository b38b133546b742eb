import { chooseDelivery, takesPlaceOf } from '../../../lib/core/sync/choose-delivery.ts';
import type { Delivery } from '../../../lib/core/sync/sync.ts';

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

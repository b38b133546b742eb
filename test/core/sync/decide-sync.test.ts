import type { ChangeCounts } from '../../../lib/core/plan/change.ts';
import { ChangeWriter } from '../../../lib/core/plan/change-writer.ts';
import { decideSync } from '../../../lib/core/sync/decide-sync.ts';
import { NEW_DISTRICT_STATE } from '../../../lib/core/sync/new-district.ts';
import type { DistrictState } from '../../../lib/core/sync/sync.ts';

const NO_CHANGES = new ChangeWriter({ write: async () => {}, newProductId: () => '' }).counts;
const withUsers = (more: Partial<ChangeCounts>) => ({ ...NO_CHANGES, users: { ...NO_CHANGES.users, ...more } });
const SOME = withUsers({ update: 1 });

const SYNCED: DistrictState = {
  ...NEW_DISTRICT_STATE,
  revision: 1,
  lastApplied: {
    syncId: 's1',
    deliveryId: 'd1',
    order: 'd1',
    appliedAt: '',
    profile: { rows: {}, invalidRows: {}, unreadableRows: {}, bulkRows: {} },
  },
};
const ACCEPTED = { verdict: 'accepted', changes: SOME } as const;
const ANYWHERE = { folder: '' };
const CAREFUL = { firstSync: 'hold' } as const;

const TOO_MANY = { code: 'removals', message: 'Too many.' } as const;

const cases: readonly [string, Parameters<typeof decideSync>, string, readonly string[]][] = [
  ['a rejected delivery', [{ verdict: 'rejected', changes: SOME }, [], ANYWHERE, CAREFUL, SYNCED], 'rejected', []],
  ['an incomplete one', [{ verdict: 'incomplete', changes: SOME }, [], ANYWHERE, CAREFUL, SYNCED], 'incomplete', []],
  ['a dry run, whatever it would do', [ACCEPTED, [], { folder: 'test' }, CAREFUL, SYNCED], 'checked', []],
  ['a dry run below test/', [ACCEPTED, [], { folder: 'test/june' }, CAREFUL, SYNCED], 'checked', []],
  ['a folder that only starts like test', [ACCEPTED, [], { folder: 'testing' }, CAREFUL, SYNCED], 'applying', []],
  ['nothing to do', [{ verdict: 'accepted', changes: NO_CHANGES }, [], ANYWHERE, CAREFUL, SYNCED], 'unchanged', []],
  [
    'rows that are there already',
    [{ verdict: 'accepted', changes: withUsers({ unchanged: 9 }) }, [], ANYWHERE, CAREFUL, SYNCED],
    'unchanged',
    [],
  ],
  ['an ordinary day', [ACCEPTED, [], ANYWHERE, CAREFUL, SYNCED], 'applying', []],
  ['R11: the first sync waits', [ACCEPTED, [], ANYWHERE, CAREFUL, NEW_DISTRICT_STATE], 'held', ['first-sync']],
  [
    'R11: unless settings say apply',
    [ACCEPTED, [], ANYWHERE, { firstSync: 'apply' }, NEW_DISTRICT_STATE],
    'applying',
    [],
  ],
  ['R11: a limit that is crossed', [ACCEPTED, [TOO_MANY], ANYWHERE, CAREFUL, SYNCED], 'held', ['removals']],
  [
    'R11: a dry run says what would hold it',
    [ACCEPTED, [TOO_MANY], { folder: 'test' }, CAREFUL, SYNCED],
    'checked',
    ['removals'],
  ],
  ['R14: a paused district', [ACCEPTED, [], ANYWHERE, CAREFUL, { ...SYNCED, syncPaused: true }], 'held', ['paused']],
];

test.each(cases)('%s', (_name, input, state, holds) => {
  const decision = decideSync(...input);
  expect(decision.state).toBe(state);
  expect(decision.holds.map(({ code }) => code)).toEqual(holds);
});

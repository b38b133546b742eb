import { explainUser } from '../../../lib/core/explain/explain-user.ts';
import type { ExplanationCode } from '../../../lib/core/explain/explanation.ts';
import type { ChosenUser, DeliveryFacts, FoundUser, UserFacts } from '../../../lib/core/explain/user-facts.ts';
import { deliveryFacts, finding, foundUser, USER_ROW, userFacts } from './made-up-facts.ts';

type Case = readonly [name: string, facts: UserFacts, answer: readonly ExplanationCode[], says: readonly string[]];

const chosen = (record: FoundUser | null, more: Partial<ChosenUser> = {}): ChosenUser => ({
  ...{ sourcedId: 'u-104', matchedBy: 'username', movedFrom: [], record },
  ...more,
});
const withRecord = (more: Partial<FoundUser>, facts: Partial<UserFacts> = {}) =>
  userFacts({ user: chosen(foundUser(more)), ...facts });
const withDelivery = (more: Partial<DeliveryFacts>, facts: Partial<UserFacts> = {}) =>
  userFacts({ deliveries: [deliveryFacts(more)], ...facts });
const missing = { rows: [] } as const;
const hold = { code: 'removals', message: 'Many would go.' };
const INACTIVE = { status: 'inactive', inactiveSince: '2026-11-20T02:00:00.000Z' } as const;
const since = (more: Partial<NonNullable<UserFacts['inactive']>> = {}) => ({
  ...{ since: INACTIVE.inactiveSince, syncId: 's-5', origin: 'delivery' as const, deliveryId: 'd-5' },
  ...more,
});

function tellsOf(cases: readonly Case[]): void {
  test.each(cases)('%s', (_, facts, answer, says) => {
    const explanation = explainUser(facts);
    expect(explanation.answer).toEqual(answer);
    const text = [explanation.headline, ...explanation.lines.map((line) => line.text)].join('\n');
    for (const each of says) expect(text).toContain(each);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });
}

describe('what the roster says', () => {
  tellsOf([
    ['active', userFacts(), ['active', 'in-delivery'], ['an active student of Lincoln Elementary, in 1 class']],
    ['switched off', withRecord({ enabled: false }), ['active', 'disabled', 'in-delivery'], ['enabledUser is false']],
    [
      'edited in the Portal',
      withRecord({ editedAt: '2026-11-23T09:00:00.000Z' }),
      ['active', 'edited', 'in-delivery'],
      ['at 2026-11-23 09:00 UTC'],
    ],
    ['in no class', userFacts({ classes: [] }), ['active', 'no-classes', 'in-delivery'], ['no active enrollment']],
    [
      'of a school that is gone',
      userFacts({ schools: [{ sourcedId: '7', name: 'Oak', status: 'inactive' }] }),
      ['active', 'no-schools', 'in-delivery'],
      ['Oak (inactive)'],
    ],
    [
      'inactive by a delivery',
      withRecord(INACTIVE, { inactive: since(), deliveries: [deliveryFacts(missing)] }),
      ['inactive', 'not-in-delivery', 'filtered'],
      ['since 2026-11-20 02:00 UTC, by sync s-5 of delivery d-5', 'the last delivery does not have them'],
    ],
    [
      'inactive by an undo',
      withRecord(INACTIVE, { inactive: since({ origin: 'undo' }) }),
      ['inactive', 'in-delivery'],
      ['by the undo s-5'],
    ],
    [
      'inactive by a sync of long ago',
      withRecord(INACTIVE, { inactive: since({ syncId: null, origin: null, deliveryId: null }) }),
      ['inactive', 'in-delivery'],
      ['by a sync that is no longer listed'],
    ],
    ['inactive, nobody knows since when', withRecord(INACTIVE), ['inactive', 'in-delivery'], ['not known']],
    [
      'moved',
      userFacts({ user: chosen(foundUser(), { movedFrom: ['u-1', 'u-2'] }) }),
      ['moved', 'active', 'in-delivery'],
      ['u-1 → u-2 → u-104'],
    ],
    [
      'in no record',
      userFacts({ user: chosen(null), schools: [], classes: [] }),
      ['not-in-roster', 'in-delivery'],
      ['u-104 is not in the roster'],
    ],
  ]);
});

describe('what a delivery says', () => {
  const expired = { files: 'expired', rows: [], users: { mode: 'absent', rows: 0, fault: null } } as const;
  tellsOf([
    [
      'rows of several files',
      withDelivery({
        rows: [USER_ROW, ...[5, 8].map((row) => ({ ...USER_ROW, file: 'enrollments' as const, name: 'e.csv', row }))],
      }),
      ['active', 'in-delivery'],
      ['users.csv row 17; e.csv rows 5, 8'],
    ],
    [
      'many rows',
      withDelivery({ rows: Array.from({ length: 14 }, (_, at) => ({ ...USER_ROW, row: 1000 + at })) }),
      ['active', 'in-delivery'],
      ['rows 1000, 1001', '1009 and 4 more'],
    ],
    [
      'to be removed',
      withDelivery({ rows: [{ ...USER_ROW, status: 'tobedeleted' }] }),
      ['active', 'marked-removed'],
      ['status tobedeleted'],
    ],
    [
      'missing, with rows of other files',
      withDelivery({ rows: [{ ...USER_ROW, file: 'enrollments', name: 'enrollments.csv' }] }),
      ['active', 'not-in-delivery', 'filtered'],
      ['2,172 rows', 'still name them: enrollments.csv row 17'],
    ],
    [
      'missing, and kept because of unreadable rows',
      withDelivery({ ...missing, unreadableRows: 40, removalsLeftOut: 'rows' }),
      ['active', 'not-in-delivery', 'unreadable-rows', 'filtered', 'removal-withheld'],
      ['sourcedId: 40', 'could not be read'],
    ],
    [
      'missing, and kept by a person',
      withDelivery({ ...missing, removalsLeftOut: 'approval' }),
      ['active', 'not-in-delivery', 'filtered', 'removal-withheld'],
      ['whoever approved'],
    ],
    [
      'missing from a delta',
      withDelivery({ ...missing, users: { mode: 'delta', rows: 3, fault: null } }),
      ['active', 'not-in-delta'],
      ['changes only'],
    ],
    [
      'missing from a header-only file',
      withDelivery({ ...missing, users: { mode: 'bulk', rows: 0, fault: null } }),
      ['active', 'no-users-file'],
      ['stay as they are'],
    ],
    [
      'missing from the part that can be read',
      withDelivery({ ...missing, users: { mode: 'bulk', rows: 9, fault: 'not-utf8' } }),
      ['active', 'delivery-unreadable'],
      ['up to row 10 [not-utf8]'],
    ],
    ['files that are gone', withDelivery(expired), ['active', 'delivery-expired'], ['no longer kept']],
    [
      'rejected',
      withDelivery({ state: 'rejected', files: 'unreadable', rows: [], fileErrors: ['look-alike', 'zip-broken'] }),
      ['active', 'delivery-unreadable', 'delivery-rejected'],
      ['changed nothing: look-alike and zip-broken.'],
    ],
    ['waiting', withDelivery({ state: 'received', syncId: null }), ['active', 'in-delivery', 'delivery-pending'], []],
    [
      'waiting for what was not taken',
      withDelivery({ state: 'received', syncId: null, blockedBy: [{ deliveryId: 'd-8', state: 'held' }] }),
      ['active', 'in-delivery', 'delivery-blocked'],
      ['It waits: what it builds on (d-8) was held; decide it, or send a full export.'],
    ],
    ['superseded', withDelivery({ state: 'superseded' }), ['active', 'in-delivery', 'delivery-superseded'], []],
    ['undone', withDelivery({ state: 'undone' }), ['active', 'in-delivery', 'delivery-undone'], ['taken back']],
    ['failed', withDelivery({ state: 'failed' }), ['active', 'in-delivery', 'delivery-failed'], ['fault of Rollcall']],
    [
      'an error in their row',
      withDelivery({ findings: [finding()] }),
      ['active', 'in-delivery', 'row-invalid'],
      ['error in users.csv row 17: role is blank. [required-missing] Fill it.', 'that row has an error'],
    ],
    [
      'an error in an enrollment, a remark, and more than is listed',
      withDelivery({
        findings: [
          finding({ severity: 'warning', code: 'duplicate-username' }),
          finding({ file: 'enrollments.csv', row: 5 }),
        ],
        findingsKnown: 'some',
      }),
      ['active', 'in-delivery', 'other-row-invalid', 'row-remark', 'findings-cut'],
      ['error in enrollments.csv row 5', 'warning in users.csv row 17'],
    ],
    [
      'a pair of a re-key',
      withDelivery({ ...missing, pair: { from: 'u-104', to: '900', by: 'username' } }),
      ['active', 'not-in-delivery', 'filtered', 'rekey-pair'],
      ['u-104 seems to have the new sourcedId 900 (the same username)'],
    ],
    ['no delivery', userFacts({ deliveries: [] }), ['active', 'no-delivery'], ['sent nothing']],
    [
      'the last one, and the last applied one',
      userFacts({
        deliveries: [
          deliveryFacts({ ...missing, state: 'held' }),
          deliveryFacts({ which: 'last-applied', deliveryId: 'd-8' }),
        ],
      }),
      ['active', 'not-in-delivery', 'filtered', 'in-delivery'],
      ['last delivery d-9 (2026-11-23 02:10 UTC, held)', 'last applied delivery d-8 (2026-11-23 02:10 UTC, applied)'],
    ],
  ]);
});

describe('what waits, and who else is meant', () => {
  const none = { add: 0, change: 0, remove: 0 };
  const other = { sourcedId: '900', matchedBy: 'email', status: null, role: 'student' } as const;
  const manual = { productId: 'p-7', role: '', username: 'jlee', email: '', createdAt: '' };
  tellsOf([
    [
      'a held removal',
      userFacts({
        held: [{ syncId: 's-9', op: 'deactivate', enrollments: { ...none, remove: 6 }, holds: [hold] }],
      }),
      ['active', 'in-delivery', 'held'],
      ['s-9 is held (removals): it would make them inactive, and it would remove 6 of their enrollments'],
    ],
    [
      'a held change of enrollments alone',
      userFacts({
        held: [{ syncId: 's-9', op: null, enrollments: { add: 1, change: 2, remove: 0 }, holds: [hold] }],
      }),
      ['active', 'in-delivery', 'held'],
      ['(removals): it would add 1 and change 2 of their enrollments'],
    ],
    [
      'somebody else of the same e-mail',
      userFacts({ others: [other] }),
      ['active', 'in-delivery', 'ambiguous'],
      ['900 (student, not in the roster, by e-mail)'],
    ],
    [
      'nobody alone',
      userFacts({ user: null, others: [other, { ...other, sourcedId: '901', status: 'active' }] }),
      ['ambiguous'],
      ['“jlee” fits 2 users of maple', '901 (student, active, by e-mail)', 'Ask again with a sourcedId'],
    ],
    [
      'only one made by hand',
      userFacts({ user: null, manual: [manual] }),
      ['manual'],
      ['only known as made by hand', 'p-7'],
    ],
    ['one made by hand too', userFacts({ manual: [manual] }), ['active', 'in-delivery', 'manual'], ['p-7']],
    [
      'nobody',
      userFacts({
        user: null,
        deliveries: [deliveryFacts({ ...missing, unreadableRows: 2 })],
        lookedAt: { syncedUsers: 2169, manualUsers: 3, heldSyncs: 1, arrivingDeliveryId: 'd-10' },
      }),
      ['unknown', 'not-in-delivery', 'unreadable-rows', 'delivery-arriving'],
      [
        'Nobody is known in maple by the sourcedId, username or e-mail “jlee”',
        'of all 2,169 synced users and 3 manual ones; users.csv of d-9 (2,172 rows); the plans of held syncs (1)',
        'd-10, is not whole yet',
      ],
    ],
  ]);
});

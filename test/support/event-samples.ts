import type { EventType, RollcallEvent } from '../../lib/contracts/events.ts';

const [districtId, syncId, deliveryId] = [
  'maple-unified',
  's-20261124T070000000Z-0a1b2c',
  'd-20261124T070000000Z-0a1b2c',
];
const changes = { users: { add: 120, update: 3, deactivate: 1, reactivate: 0, unchanged: 4100 } };
const findings = { error: 2, warning: 5, info: 1 };

/** One event of each type. */
export const EVENT_SAMPLES: { readonly [T in EventType]: Extract<RollcallEvent, { readonly type: T }> } = {
  'rollcall.sync.applied': {
    type: 'rollcall.sync.applied',
    ...{ districtId, syncId, origin: 'delivery', first: true, changes, findings },
  },
  'rollcall.sync.held': {
    type: 'rollcall.sync.held',
    ...{ districtId, syncId, codes: ['removals', 'row-drop'], waitingDays: 0, changes, findings },
  },
  'rollcall.sync.rejected': {
    type: 'rollcall.sync.rejected',
    ...{ districtId, syncId, by: 'checks', codes: ['zip-broken'], findings },
  },
  'rollcall.sync.failed': { type: 'rollcall.sync.failed', districtId, syncId, code: 'not-a-synced-record' },
  'rollcall.sync.late': {
    type: 'rollcall.sync.late',
    districtId,
    localDate: '2026-11-24',
    expectedAt: '2026-11-24T07:30:00.000Z',
    dueAt: '2026-11-24T09:30:00.000Z',
  },
  'rollcall.sync.resumed': { type: 'rollcall.sync.resumed', districtId, syncId },
  'rollcall.delivery.resumed': { type: 'rollcall.delivery.resumed', districtId, deliveryId },
  'rollcall.delivery.incomplete': { type: 'rollcall.delivery.incomplete', districtId, deliveryId },
  'rollcall.delivery.blocked': {
    type: 'rollcall.delivery.blocked',
    ...{ districtId, deliveryId, blockedBy: ['d-20261123T070000000Z-0a1b2c'] },
  },
  'rollcall.delivery.same-bytes': { type: 'rollcall.delivery.same-bytes', districtId, deliveryId, days: 7 },
  'rollcall.district.weekly': {
    type: 'rollcall.district.weekly',
    districtId,
    week: '2026-W47',
    syncs: { applied: 4, unchanged: 1, held: 0, rejected: 1, incomplete: 0, failed: 0 },
    changed: { add: 12, update: 40, deactivate: 3, reactivate: 1 },
  },
};

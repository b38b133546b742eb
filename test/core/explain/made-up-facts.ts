import type { DeliveryFacts, FoundUser, UserFacts } from '../../../lib/core/explain/user-facts.ts';
import type { Finding } from '../../../lib/core/oneroster/finding.ts';

/** An active student with nothing odd, changed by `more`. */
export const foundUser = (more: Partial<FoundUser> = {}): FoundUser => ({
  sourcedId: 'u-104',
  productId: 'p-1',
  status: 'active',
  role: 'student',
  username: 'jlee',
  email: '',
  givenName: 'Jo',
  familyName: 'Lee',
  enabled: true,
  orgSourcedIds: ['school'],
  syncId: 's-1',
  inactiveSince: null,
  editedAt: null,
  movedTo: null,
  ...more,
});

/** A row of users.csv that is the user's. */
export const USER_ROW = { file: 'users', name: 'users.csv', row: 17, sourcedId: 'u-104', status: '' } as const;

/** The last delivery, applied, that has the user; changed by `more`. */
export const deliveryFacts = (more: Partial<DeliveryFacts> = {}): DeliveryFacts => ({
  which: 'last',
  deliveryId: 'd-9',
  at: '2026-11-23T02:10:30.000Z',
  state: 'applied',
  syncId: 's-9',
  blockedBy: [],
  files: 'read',
  users: { mode: 'bulk', rows: 2172, fault: null },
  rows: [USER_ROW],
  findings: [],
  findingsKnown: 'all',
  fileErrors: [],
  unreadableRows: 0,
  removalsLeftOut: null,
  pair: null,
  ...more,
});

/** An active student in one class and in the last delivery; changed by `more`. */
export const userFacts = (more: Partial<UserFacts> = {}): UserFacts => ({
  districtId: 'maple',
  asked: 'jlee',
  user: { sourcedId: 'u-104', matchedBy: 'username', movedFrom: [], record: foundUser() },
  others: [],
  manual: [],
  inactive: null,
  deliveries: [deliveryFacts()],
  held: [],
  schools: [{ sourcedId: 'school', name: 'Lincoln Elementary', status: 'active' }],
  classes: [
    {
      ...{ sourcedId: 'e-1', classSourcedId: 'c-1', role: 'student', primary: false, beginDate: '', endDate: '' },
      class: { sourcedId: 'c-1', name: 'Reading', status: 'active' },
    },
  ],
  lookedAt: { syncedUsers: null, manualUsers: 0, heldSyncs: 0, arrivingDeliveryId: null },
  ...more,
});

/** An error in the user's row; changed by `more`. */
export const finding = (more: Partial<Finding> = {}): Finding => ({
  code: 'required-missing',
  severity: 'error',
  file: 'users.csv',
  row: 17,
  column: 'role',
  sourcedId: 'u-104',
  message: 'role is blank.',
  hint: 'Fill it.',
  ...more,
});

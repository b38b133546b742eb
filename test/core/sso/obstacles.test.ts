import fc from 'fast-check';
import { type SsoSettings, ssoSettingsSchema } from '../../../lib/core/district/sso-settings.ts';
import { decideSignOn, type RosterUser } from '../../../lib/core/sso/decide-sign-on.ts';
import { DENIALS, type DenialCode } from '../../../lib/core/sso/denials.ts';
import { type DistrictReadiness, obstaclesOf, type PersonFacts } from '../../../lib/core/sso/obstacles.ts';
import { describeObstacles } from '../../../lib/core/sso/rehearsal.ts';
import { SUPPORT_WORDS } from '../../../lib/core/sso/support-words.ts';

const maria: RosterUser = {
  sourcedId: 'a',
  productId: 'pid-a',
  status: 'active',
  enabled: true,
  role: 'student',
  username: 'maria',
  identifier: '',
  givenName: 'Maria',
  familyName: 'Garcia',
  schools: ['s1'],
  movedTo: null,
};
const OPEN: DistrictReadiness = {
  suspended: false,
  rostered: true,
  sso: ssoSettingsSchema.parse({}),
  hasTenant: true,
  hasProduct: true,
};
const person = (bySourcedId: RosterUser | null): PersonFacts => ({
  identity: { tenantId: 1, sourcedId: 'a', userId: null, loginId: 'maria' },
  bySourcedId,
  byUsername: [],
  byAnchor: null,
});
const sso = (given: object): SsoSettings => ssoSettingsSchema.parse(given);

test.each<[string, Partial<RosterUser> | null, Partial<DistrictReadiness>, readonly DenialCode[]]>([
  ['an active student', {}, {}, []],
  ['nobody', null, {}, ['not-in-roster']],
  ['disabled', { enabled: false }, {}, ['disabled']],
  ['inactive: what is beneath does not matter', { status: 'inactive', enabled: false }, {}, ['inactive']],
  [
    'everything that one setting or cell can mend',
    { enabled: false },
    { sso: sso({ roles: 'teachers', allowedSchools: ['s2'] }) },
    ['disabled', 'role-not-allowed', 'school-not-allowed'],
  ],
  ['a role that is none ends it', { role: '' }, {}, ['role-not-allowed']],
  [
    'a district that is closed in every way',
    { enabled: false },
    { hasTenant: false, suspended: true, sso: sso({ roles: 'off' }), hasProduct: false },
    ['unknown-tenant', 'district-suspended', 'sso-off', 'disabled', 'product-unknown'],
  ],
  ['before the first sync nobody is missing', null, { rostered: false }, ['no-roster']],
  ['the product comes last', null, { hasProduct: false }, ['not-in-roster', 'product-unknown']],
])('what stands in the way of %s', (_name, user, district, expected) => {
  expect(obstaclesOf(person(user && { ...maria, ...user }), { ...OPEN, ...district })).toEqual(expected);
});

test('law: the first obstacle is what a launch says, and none is left exactly where it is let in', () => {
  const anyUser = fc.record({
    ...{ status: fc.constantFrom('active', 'inactive'), enabled: fc.boolean() },
    role: fc.constantFrom('student', 'teacher', 'administrator', ''),
    schools: fc.subarray(['s1', 's2']),
    username: fc.constantFrom('maria', 'm', ''),
  });
  const users = anyUser.map((given) => ({ ...maria, ...given }) as RosterUser);
  const anyDistrict = fc.record({
    ...{ suspended: fc.boolean(), rostered: fc.boolean(), hasTenant: fc.boolean(), hasProduct: fc.boolean() },
    sso: fc
      .record({
        roles: fc.constantFrom('off', 'students', 'teachers', 'all'),
        allowedSchools: fc.subarray(['s1', 's3']),
        usernameFallback: fc.boolean(),
      })
      .map(sso),
  });
  const named = fc.option(users, { nil: null });
  fc.assert(
    fc.property(named, fc.array(users, { maxLength: 2 }), anyDistrict, (bySourcedId, byUsername, district) => {
      const facts = { ...person(bySourcedId), byUsername };
      const decision = decideSignOn({ ...facts, district: district.hasTenant ? district : null });
      const said = decision.allow ? (district.hasProduct ? undefined : 'product-unknown') : decision.code;
      const obstacles = obstaclesOf(facts, district);
      expect(obstacles[0]).toBe(said);
      expect(new Set(obstacles).size).toBe(obstacles.length);
    }),
    { numRuns: 500 },
  );
});

describe('in words', () => {
  const settings = { districtId: 'maple', classLinkTenantId: 2284 };

  test('somebody who could sign in', () => {
    expect(describeObstacles([], settings)).toEqual({ couldSignIn: true, code: null, reasons: [] });
  });

  test('each reason says what mends it, in this district', () => {
    const answer = describeObstacles(['district-suspended', 'disabled'], settings);
    expect(answer).toMatchObject({ couldSignIn: false, code: 'district-suspended' });
    expect(answer.reasons[0]).toBe(
      'The district is suspended. When it may go on: rollcall district set maple suspended=false.',
    );
    expect(answer.reasons[1]).toContain('enabledUser is false');
  });

  test('a tenant that was never set is told from one that nobody has', () => {
    const [unset] = describeObstacles(['unknown-tenant'], { ...settings, classLinkTenantId: null }).reasons;
    expect(unset).toMatch(/^The district has no classLinkTenantId.*rollcall district set maple classLinkTenantId=/);
    expect(describeObstacles(['unknown-tenant'], settings).reasons[0]).toMatch(/^No district of ours/);
  });

  test.each(Object.keys(DENIALS) as DenialCode[])('%s: whole sentences, one thing to do', (code) => {
    const { means, toDo } = SUPPORT_WORDS[code];
    for (const text of [means, toDo]) expect(text).toMatch(/^([A-Z]|enabledUser|“).{8,}[.)]$/);
  });
});

import { ssoSettingsSchema } from '../../../lib/core/district/sso-settings.ts';
import { decideSignOn, type RosterUser, type SignOnFacts } from '../../../lib/core/sso/decide-sign-on.ts';

const user = (sourcedId: string, more: Partial<RosterUser> = {}): RosterUser => ({
  sourcedId,
  productId: `pid-${sourcedId}`,
  status: 'active',
  enabled: true,
  role: 'student',
  username: `u-${sourcedId}`,
  identifier: '',
  givenName: 'Maria',
  familyName: 'Garcia',
  schools: ['s1'],
  movedTo: null,
  ...more,
});

/** What a case changes; `sso` and `district` over an open district, `identity` over a student called `a`. */
interface Case {
  readonly identity?: Partial<SignOnFacts['identity']>;
  readonly sso?: object;
  readonly district?: object | null;
  readonly named?: RosterUser | null;
  readonly byUsername?: readonly RosterUser[];
  readonly anchored?: RosterUser | null;
}

function decide({ identity, sso = {}, district = {}, named = null, byUsername = [], anchored = null }: Case): string {
  const decision = decideSignOn({
    identity: { tenantId: 1, sourcedId: 'a', userId: '5', loginId: 'u-a', ...identity },
    district: district && { suspended: false, rostered: true, sso: ssoSettingsSchema.parse(sso), ...district },
    bySourcedId: named,
    byUsername,
    byAnchor: anchored,
  });
  return decision.allow ? `${decision.user.sourcedId} ${decision.anchor}` : decision.code;
}

const gone = { status: 'inactive' } as const;
const fallback = { usernameFallback: true };
const blank = { sourcedId: '' };

describe('R18, R20: who signs in', () => {
  test.each<[string, Case, string]>([
    ['an active student, first time', { named: user('a') }, 'a bind'],
    ['again', { named: user('a'), anchored: user('a') }, 'a keep'],
    ['without a UserId there is no anchor', { named: user('a'), identity: { userId: null } }, 'a keep'],
    ['nobody', {}, 'not-in-roster'],
    ['a blank sourcedId matches nobody', { identity: blank }, 'no-sourced-id'],
    ['not even through an anchor', { identity: blank, anchored: user('a') }, 'no-sourced-id'],
    ['inactive', { named: user('a', gone) }, 'inactive'],
    ['inactive, with its own anchor', { named: user('a', gone), anchored: user('a', gone) }, 'inactive'],
    ['disabled', { named: user('a', { enabled: false }) }, 'disabled'],
  ])('%s', (_name, given, expected) => expect(decide(given)).toBe(expected));

  test.each<[string, Case, string]>([
    ['unknown tenant', { district: null, named: user('a') }, 'unknown-tenant'],
    ['suspended', { district: { suspended: true }, named: user('a') }, 'district-suspended'],
    ['before its first applied sync', { district: { rostered: false }, named: user('a') }, 'no-roster'],
    ['off', { sso: { roles: 'off' }, named: user('a') }, 'sso-off'],
    ['students only, a student', { sso: { roles: 'students' }, named: user('a') }, 'a bind'],
    [
      'students only, a teacher',
      { sso: { roles: 'students' }, named: user('a', { role: 'teacher' }) },
      'role-not-allowed',
    ],
    ['teachers only, a teacher', { sso: { roles: 'teachers' }, named: user('a', { role: 'teacher' }) }, 'a bind'],
    ['teachers only, an aide', { sso: { roles: 'teachers' }, named: user('a', { role: 'aide' }) }, 'role-not-allowed'],
    ['everyone, a guardian', { named: user('a', { role: 'guardian' }) }, 'a bind'],
    ['everyone, without any role', { named: user('a', { role: '' }) }, 'role-not-allowed'],
    ['another school', { sso: { allowedSchools: ['s2'] }, named: user('a') }, 'school-not-allowed'],
    ['one of two schools', { sso: { allowedSchools: ['s2'] }, named: user('a', { schools: ['s1', 's2'] }) }, 'a bind'],
    ['a school in another case', { sso: { allowedSchools: ['S1'] }, named: user('a') }, 'school-not-allowed'],
  ])('district: %s', (_name, given, expected) => expect(decide(given)).toBe(expected));

  test.each<[string, Case, string]>([
    ['both active, two people', { named: user('a'), anchored: user('b') }, 'anchor-conflict'],
    [
      'both active, equal username',
      { named: user('a', { username: 'm' }), anchored: user('b', { username: 'm' }) },
      'anchor-conflict',
    ],
    [
      'both active, one productId',
      { named: user('a', { productId: 'p' }), anchored: user('b', { productId: 'p' }) },
      'a rebind',
    ],
    [
      'anchored one gone, usernames agree',
      { named: user('a', { username: 'm' }), anchored: user('b', { ...gone, username: 'm' }) },
      'a rebind',
    ],
    [
      'anchored one gone, identifiers agree',
      { named: user('a', { identifier: '7' }), anchored: user('b', { ...gone, identifier: '7' }) },
      'a rebind',
    ],
    ['anchored one gone, nothing agrees', { named: user('a'), anchored: user('b', gone) }, 'anchor-conflict'],
    [
      'anchored one gone, both without username',
      { named: user('a', { username: '' }), anchored: user('b', { ...gone, username: '' }) },
      'anchor-conflict',
    ],
    [
      'named one gone, usernames agree',
      { named: user('a', { ...gone, username: 'm' }), anchored: user('b', { username: 'm' }) },
      'b keep',
    ],
    [
      'named one gone, the login is the anchored one’s',
      { named: user('a', { ...gone, username: '' }), anchored: user('b', { username: 'u-a' }) },
      'b keep',
    ],
    [
      'named one gone, nothing agrees',
      { named: user('a', gone), anchored: user('b', { username: 'm' }) },
      'anchor-conflict',
    ],
    ['both gone', { named: user('a', gone), anchored: user('b', gone) }, 'inactive'],
    ['named one unknown, the login is the anchored one’s', { anchored: user('b', { username: 'u-a' }) }, 'b keep'],
    ['named one unknown, another login', { anchored: user('b') }, 'not-in-roster'],
    [
      'named one unknown, the anchored one gone',
      { anchored: user('b', { ...gone, username: 'u-a' }) },
      'not-in-roster',
    ],
    [
      'rights are those of the one who is left',
      { named: user('a', { ...gone, username: 'm' }), anchored: user('b', { username: 'm', enabled: false }) },
      'disabled',
    ],
  ])('anchor: %s', (_name, given, expected) => expect(decide(given)).toBe(expected));

  const namesake = user('x', { username: 'u-a' });
  test.each<[string, Case, string]>([
    ['one match', { byUsername: [namesake] }, 'x bind'],
    ['one match, blank sourcedId', { byUsername: [namesake], identity: blank }, 'x bind'],
    ['a teacher', { byUsername: [{ ...namesake, role: 'teacher' }] }, 'x bind'],
    ['not for other roles', { byUsername: [{ ...namesake, role: 'administrator' }] }, 'not-in-roster'],
    ['two matches', { byUsername: [namesake, { ...namesake, sourcedId: 'y' }] }, 'ambiguous-username'],
    [
      'two matches, one an administrator',
      { byUsername: [namesake, { ...namesake, sourcedId: 'y', role: 'administrator' }] },
      'ambiguous-username',
    ],
    ['two matches, one gone', { byUsername: [namesake, { ...namesake, ...gone, sourcedId: 'y' }] }, 'x bind'],
    ['only a gone one', { byUsername: [{ ...namesake, ...gone }] }, 'not-in-roster'],
    ['a username in another case', { byUsername: [{ ...namesake, username: 'U-A' }] }, 'not-in-roster'],
    ['a blank login', { byUsername: [{ ...namesake, username: '' }], identity: { loginId: '' } }, 'not-in-roster'],
    ['never over a record that the sourcedId names', { named: user('a', gone), byUsername: [namesake] }, 'inactive'],
    ['against an anchor', { byUsername: [namesake], anchored: user('b') }, 'anchor-conflict'],
    ['disabled', { byUsername: [{ ...namesake, enabled: false }] }, 'disabled'],
  ])('fallback by username: %s', (_name, given, expected) =>
    expect(decide({ sso: fallback, ...given })).toBe(expected),
  );

  test('no fallback unless the district wants it', () => {
    expect(decide({ byUsername: [namesake], identity: blank })).toBe('no-sourced-id');
  });
});

import fc from 'fast-check';
import { ssoSettingsSchema } from '../../../lib/core/district/sso-settings.ts';
import type { RosterUser } from '../../../lib/core/sso/decide-sign-on.ts';
import { DoubledUsernames } from '../../../lib/core/sso/doubled-usernames.ts';
import type { DistrictReadiness } from '../../../lib/core/sso/obstacles.ts';
import { Preflight, type PreflightResult } from '../../../lib/core/sso/preflight.ts';

const user = (sourcedId: string, more: Partial<RosterUser> = {}): RosterUser => ({
  sourcedId,
  productId: `pid-${sourcedId}`,
  status: 'active',
  enabled: true,
  role: 'student',
  username: `u-${sourcedId}`,
  identifier: '',
  givenName: '',
  familyName: '',
  schools: ['s1'],
  movedTo: null,
  ...more,
});

const OPEN = { suspended: false, rostered: true, hasTenant: true, hasProduct: true };

function rehearse(users: readonly RosterUser[], district: object = {}, limit = 50): PreflightResult {
  const { sso = {}, ...rest } = district as { sso?: object };
  const doubled = new DoubledUsernames();
  for (const { status, username } of users) if (status === 'active') doubled.add(username);
  const readiness: DistrictReadiness = { ...OPEN, ...rest, sso: ssoSettingsSchema.parse(sso) };
  const preflight = new Preflight(readiness, doubled, limit);
  for (const each of users) preflight.judge(each);
  return preflight.result();
}

test('a district that is ready', () => {
  const result = rehearse([user('b'), user('a', { role: 'teacher', schools: ['s1', 's2'] }), user('c')]);
  expect(result).toMatchObject({ users: 3, couldSignIn: 3, couldNot: 0, doubtful: 0, byCode: {}, closedBy: [] });
  expect(result.listed).toEqual([]);
  expect([...result.schools].map(([school, { users }]) => `${school} ${users}`)).toEqual(['s1 3', 's2 1']);
});

test.each<[string, Partial<RosterUser>, object, readonly string[], boolean]>([
  ['disabled', { enabled: false }, {}, ['disabled'], false],
  ['role not allowed', { role: 'teacher' }, { sso: { roles: 'students' } }, ['role-not-allowed'], false],
  ['school not allowed', {}, { sso: { allowedSchools: ['s2'] } }, ['school-not-allowed'], false],
  ['no username', { username: '' }, {}, ['blank-username'], true],
  ['the username of another', { username: 'u-other' }, {}, ['doubled-username'], true],
  [
    'several',
    { enabled: false, role: 'aide', username: '' },
    { sso: { roles: 'students' } },
    ['disabled', 'role-not-allowed', 'blank-username'],
    false,
  ],
])('%s: listed, with every reason', (_name, more, district, codes, couldSignIn) => {
  const result = rehearse([user('a', more), user('other', { schools: ['s2'] })], district);
  expect(result.listed.find(({ sourcedId }) => sourcedId === 'a')).toMatchObject({ codes, couldSignIn });
  expect(result.schools.get('s1')).toEqual({
    users: 1,
    couldSignIn: couldSignIn ? 1 : 0,
    couldNot: couldSignIn ? 0 : 1,
    doubtful: couldSignIn ? 1 : 0,
    byCode: Object.fromEntries(codes.map((code) => [code, 1])),
  });
});

test.each([
  ['tenant missing', { hasTenant: false }, 'unknown-tenant'],
  ['suspended', { suspended: true }, 'district-suspended'],
  ['no applied sync', { rostered: false }, 'no-roster'],
  ['switched off', { sso: { roles: 'off' } }, 'sso-off'],
  ['product not registered', { hasProduct: false }, 'product-unknown'],
])('%s: nobody could, and those who could not anyway are listed', (_name, district, code) => {
  const result = rehearse([user('a'), user('b', { enabled: false })], district);
  expect(result).toMatchObject({ closedBy: [code], couldSignIn: 0, couldNot: 2, byCode: { [code]: 2, disabled: 1 } });
  expect(result.listed).toMatchObject([{ sourcedId: 'b', codes: ['disabled'] }]);
});

test('inactive users are no part of it, nor are their usernames', () => {
  const result = rehearse([user('a'), user('gone', { status: 'inactive', username: 'u-a', enabled: false })]);
  expect(result).toMatchObject({ users: 1, couldSignIn: 1, doubtful: 0 });
});

test('users of no school have a place of their own', () => {
  expect(rehearse([user('a', { schools: [], enabled: false })]).schools.get('')).toMatchObject({ couldNot: 1 });
});

test('what the sign-on reads under the id decides, not what the sync reads', () => {
  const preflight = new Preflight({ ...OPEN, sso: ssoSettingsSchema.parse({}) }, new DoubledUsernames(), 9);
  preflight.judge(user('a'), null);
  preflight.judge(user('b'), user('b', { status: 'inactive' }));
  expect(preflight.result().listed.map(({ codes }) => codes)).toEqual([['not-in-roster'], ['inactive']]);
});

test('law: the list holds the first by sourcedId, in whatever order they come; counts are whole', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 40 });
  fc.assert(
    fc.property(ids, fc.nat(10), (sourcedIds, limit) => {
      const result = rehearse(
        sourcedIds.map((sourcedId) => user(sourcedId, { enabled: false })),
        {},
        limit,
      );
      const sorted = sourcedIds.toSorted((a, b) => (a < b ? -1 : 1));
      expect(result.listed.map(({ sourcedId }) => sourcedId)).toEqual(sorted.slice(0, limit));
      expect(result.notListed).toBe(Math.max(0, sorted.length - limit));
      expect(result.couldNot).toBe(sorted.length);
    }),
  );
});

test('law: doubled usernames are those that came twice, letter by letter', () => {
  const names = fc.array(fc.constantFrom('', 'ann', 'Ann', 'ann ', 'bob', 'eve'), { maxLength: 12 });
  fc.assert(
    fc.property(names, (given) => {
      const doubled = new DoubledUsernames();
      for (const name of given) doubled.add(name);
      for (const name of new Set(given)) {
        const times = given.filter((each) => each === name).length;
        expect([name, doubled.has(name)]).toEqual([name, name !== '' && times > 1]);
      }
    }),
  );
});

test('50,000 different names are not taken for each other', () => {
  const doubled = new DoubledUsernames();
  for (let at = 0; at < 50_000; at++) doubled.add(`s${at}`);
  let wrong = 0;
  for (let at = 0; at < 50_000; at++) if (doubled.has(`s${at}`)) wrong += 1;
  expect(wrong).toBe(0);
});

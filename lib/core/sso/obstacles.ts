import type { SsoSettings } from '../district/sso-settings.ts';
import { type DistrictFacts, decideSignOn, type RosterUser, type SignOnFacts } from './decide-sign-on.ts';
import type { DenialCode } from './denials.ts';

/** What the district's side of a launch needs, beside its own settings. */
export interface DistrictReadiness extends DistrictFacts {
  /** The settings name a tenant, and a launch of that tenant leads to this district. */
  readonly hasTenant: boolean;
  /** The product that the district is handed over to is registered. */
  readonly hasProduct: boolean;
}

/** All that keeps everybody of a district out, in the order in which launches find it. Empty: it is open. */
export function obstaclesOfDistrict(district: DistrictReadiness): readonly DenialCode[] {
  const codes: [boolean, DenialCode][] = [
    [!district.hasTenant, 'unknown-tenant'],
    [district.suspended, 'district-suspended'],
    [!district.rostered, 'no-roster'],
    [district.sso.roles === 'off', 'sso-off'],
    [!district.hasProduct, 'product-unknown'],
  ];
  return codes.flatMap(([stands, code]) => (stands ? [code] : []));
}

/** Who a launch would be about: what was read for it, without the district. */
export type PersonFacts = Omit<SignOnFacts, 'district'>;

/**
 * All that keeps one person out of a district that is open, in the order in which launches find it: each reason that one
 * setting or one cell can mend is taken away, and the decision asked again (R18, R20).
 */
export function obstaclesOfPerson(person: PersonFacts, sso: SsoSettings): readonly DenialCode[] {
  const roles = sso.roles === 'off' ? 'all' : sso.roles;
  let facts: SignOnFacts = { ...person, district: { suspended: false, rostered: true, sso: { ...sso, roles } } };
  const codes: DenialCode[] = [];
  for (;;) {
    const decision = decideSignOn(facts);
    // A reason that is still there after it was mended, like a role that is none, ends it too.
    if (decision.allow || codes.includes(decision.code)) return codes;
    codes.push(decision.code);
    const mended = mend(facts, decision.code);
    if (mended === null) return codes;
    facts = mended;
  }
}

/** All that stands between a person and a session, the reason that a launch would give first. Empty: they would be in. */
export function obstaclesOf(person: PersonFacts, district: DistrictReadiness): readonly DenialCode[] {
  const ofDistrict = obstaclesOfDistrict(district);
  // Where no sync was applied, nobody is in the roster; to say so as well would mislead.
  const ofPerson = district.rostered ? obstaclesOfPerson(person, district.sso) : [];
  const isLast = (code: DenialCode) => code === 'product-unknown';
  return [...ofDistrict.filter((code) => !isLast(code)), ...ofPerson, ...ofDistrict.filter(isLast)];
}

function mend(facts: SignOnFacts, code: DenialCode): SignOnFacts | null {
  switch (code) {
    case 'disabled':
      return withUsers(facts, (user) => ({ ...user, enabled: true }));
    case 'role-not-allowed':
      return withSso(facts, { roles: 'all' });
    case 'school-not-allowed':
      return withSso(facts, { allowedSchools: [] });
    default:
      return null;
  }
}

const withSso = ({ district, ...facts }: SignOnFacts, change: Partial<SsoSettings>): SignOnFacts => ({
  ...facts,
  district: district && { ...district, sso: { ...district.sso, ...change } },
});

const withUsers = (facts: SignOnFacts, change: (user: RosterUser) => RosterUser): SignOnFacts => ({
  ...facts,
  bySourcedId: facts.bySourcedId && change(facts.bySourcedId),
  byUsername: facts.byUsername.map(change),
  byAnchor: facts.byAnchor && change(facts.byAnchor),
});

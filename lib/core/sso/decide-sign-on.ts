import type { SsoSettings } from '../district/sso-settings.ts';
import type { ClassLinkIdentity } from './classlink-identity.ts';
import type { DenialCode } from './denials.ts';

/** A synced user of the roster, as far as the sign-on looks at it. */
export interface RosterUser {
  readonly sourcedId: string;
  readonly productId: string;
  readonly status: 'active' | 'inactive';
  /** `enabledUser`; blank counts as true. */
  readonly enabled: boolean;
  readonly role: string;
  readonly username: string;
  readonly identifier: string;
  readonly givenName: string;
  readonly familyName: string;
  /** orgSourcedIds. */
  readonly schools: readonly string[];
  /** R12: the record that took this one's place; only on inactive ones. */
  readonly movedTo: string | null;
}

/** What the district's side says. */
export interface DistrictFacts {
  readonly suspended: boolean;
  /** Whether at least one sync was applied (R18). */
  readonly rostered: boolean;
  readonly sso: SsoSettings;
}

/** Everything that the decision needs, read before. Records are what is left after `movedTo` was followed. */
export interface SignOnFacts {
  readonly identity: ClassLinkIdentity;
  /** Null where no district has the tenant. */
  readonly district: DistrictFacts | null;
  /** The record that the sourcedId names; null where there is none, or the sourcedId is blank. */
  readonly bySourcedId: RosterUser | null;
  /** Synced users whose username is the LoginId; empty unless the district wants the fallback. */
  readonly byUsername: readonly RosterUser[];
  /** The record that the anchor names; null where there is no anchor, or its record is gone. */
  readonly byAnchor: RosterUser | null;
}

/** What becomes of the anchor: nothing, written for the first time, or moved to another record (audited). */
export type AnchorChange = 'keep' | 'bind' | 'rebind';

export type SignOnDecision =
  | { readonly allow: true; readonly user: RosterUser; readonly anchor: AnchorChange }
  | { readonly allow: false; readonly code: DenialCode };

const deny = (code: DenialCode): SignOnDecision => ({ allow: false, code });

/** How many times a launch follows `movedTo`: a re-key a year for a whole school life, and an end to any circle. */
export const MAX_MOVES = 16;

/** The record that a launch follows to (R12, R20); null where this one counts. */
export const nextRecord = (user: RosterUser): string | null => (user.status === 'inactive' ? user.movedTo : null);

/**
 * Who signs in, or why nobody does (R18, R20): district, then person, then rights. Pure; says nothing about ClassLink's
 * role, and never looks at manual records.
 */
export function decideSignOn(facts: SignOnFacts): SignOnDecision {
  const { district } = facts;
  if (!district) return deny('unknown-tenant');
  const closed = whyDistrictIsClosed(district);
  if (closed) return deny(closed);
  const found = resolvePerson(facts, district.sso);
  if (!found.allow) return found;
  const refused = whyUserIsRefused(found.user, district.sso);
  return refused ? deny(refused) : found;
}

/** Why nobody of the district signs in; null where it is open. Also asked at each refresh (R21). */
export function whyDistrictIsClosed({ suspended, rostered, sso }: DistrictFacts): DenialCode | null {
  if (suspended) return 'district-suspended';
  if (!rostered) return 'no-roster';
  return sso.roles === 'off' ? 'sso-off' : null;
}

/** Why this user does not sign in; null where they may. Also asked at each refresh (R21). */
export function whyUserIsRefused(user: RosterUser, sso: SsoSettings): DenialCode | null {
  if (user.status !== 'active') return 'inactive';
  if (!user.enabled) return 'disabled';
  if (!isRoleAllowed(user.role, sso.roles)) return 'role-not-allowed';
  const { allowedSchools } = sso;
  const inSchool = allowedSchools.length === 0 || user.schools.some((school) => allowedSchools.includes(school));
  return inSchool ? null : 'school-not-allowed';
}

function isRoleAllowed(role: string, allowed: SsoSettings['roles']): boolean {
  if (allowed === 'all') return role !== '';
  return allowed === 'students' ? role === 'student' : allowed === 'teachers' && role === 'teacher';
}

function resolvePerson(facts: SignOnFacts, sso: SsoSettings): SignOnDecision {
  const named = facts.bySourcedId ?? (sso.usernameFallback ? oneByUsername(facts) : null);
  if (named === 'several') return deny('ambiguous-username');
  const { byAnchor: anchored, identity } = facts;
  if (!named) {
    // ClassLink already knows a new sourcedId, our roster not yet: the anchor may speak for the record, with the name.
    const speaks = identity.sourcedId !== '' && anchored?.status === 'active' && isLogin(anchored, identity);
    if (speaks && anchored) return { allow: true, user: anchored, anchor: 'keep' };
    return deny(identity.sourcedId === '' ? 'no-sourced-id' : 'not-in-roster');
  }
  if (!anchored) return { allow: true, user: named, anchor: identity.userId === null ? 'keep' : 'bind' };
  if (anchored.sourcedId === named.sourcedId) return { allow: true, user: named, anchor: 'keep' };
  return chooseBetween(named, anchored, identity);
}

/** R20: anchor and sourcedId point at different records. */
function chooseBetween(named: RosterUser, anchored: RosterUser, identity: ClassLinkIdentity): SignOnDecision {
  if (named.status !== 'active' && anchored.status !== 'active') return deny('inactive');
  const same = named.productId === anchored.productId;
  if (named.status === 'active' && anchored.status === 'active' && !same) return deny('anchor-conflict');
  const user = named.status === 'active' ? named : anchored;
  if (!same && !isSamePerson(named, anchored) && !(user === anchored && isLogin(anchored, identity)))
    return deny('anchor-conflict');
  return { allow: true, user, anchor: user === named ? 'rebind' : 'keep' };
}

const isSamePerson = (one: RosterUser, other: RosterUser): boolean =>
  (one.username !== '' && one.username === other.username) ||
  (one.identifier !== '' && one.identifier === other.identifier);

const isLogin = (user: RosterUser, { loginId }: ClassLinkIdentity): boolean =>
  loginId !== '' && user.username === loginId;

/** The fallback: exactly one active student or teacher of that name. Several active ones, of whatever role, are no answer. */
function oneByUsername({ byUsername, identity }: SignOnFacts): RosterUser | 'several' | null {
  const active = byUsername.filter((user) => user.status === 'active' && isLogin(user, identity));
  if (active.length > 1) return 'several';
  const [user] = active;
  return user && (user.role === 'student' || user.role === 'teacher') ? user : null;
}

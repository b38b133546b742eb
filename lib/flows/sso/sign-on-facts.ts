import type { DistrictSettings } from '../../core/district/settings.ts';
import type { ClassLinkIdentity } from '../../core/sso/classlink-identity.ts';
import {
  type DistrictFacts,
  MAX_MOVES,
  nextRecord,
  type RosterUser,
  type SignOnFacts,
} from '../../core/sso/decide-sign-on.ts';
import type { SsoPorts } from './sso-ports.ts';

type FactPorts = Pick<SsoPorts, 'tenants' | 'districts' | 'syncs' | 'roster' | 'anchors'>;

/** Everything that the decision needs, and the district that it is about. */
export interface ReadFacts {
  readonly facts: SignOnFacts;
  readonly district: { readonly districtId: string; readonly settings: DistrictSettings } | null;
}

/** Reads what `decideSignOn` looks at: tenant, district, records, anchor. Reads only. */
export async function readSignOnFacts(ports: FactPorts, identity: ClassLinkIdentity): Promise<ReadFacts> {
  const nobody = { identity, district: null, bySourcedId: null, byUsername: [], byAnchor: null };
  const districtId = await ports.tenants.districtOf(identity.tenantId);
  if (districtId === null) return { facts: nobody, district: null };
  const named = followMoves(ports, districtId, identity.sourcedId);
  const [district, bySourcedId, byAnchor] = await Promise.all([
    readDistrict(ports, districtId),
    named,
    readAnchored(ports, districtId, identity, named),
  ]);
  // The look-up is written with the settings; where they disagree, the settings count.
  if (district?.settings.classLinkTenantId !== identity.tenantId) return { facts: nobody, district: null };
  const wantsName = district.settings.sso.usernameFallback && bySourcedId === null;
  const byUsername = wantsName ? await ports.roster.byUsername(districtId, identity.loginId) : [];
  return {
    facts: { identity, district: district.facts, bySourcedId, byUsername, byAnchor },
    district: { districtId, settings: district.settings },
  };
}

/** The district's side of the decision; null where we do not know the district. */
export async function readDistrict(
  ports: Pick<FactPorts, 'districts' | 'syncs'>,
  districtId: string,
): Promise<{ readonly facts: DistrictFacts; readonly settings: DistrictSettings } | null> {
  const [found, state] = await Promise.all([ports.districts.get(districtId), ports.syncs.state(districtId)]);
  if (!found) return null;
  const { settings } = found;
  const { suspended, sso } = settings;
  return { settings, facts: { suspended, sso, rostered: state.lastApplied !== null } };
}

/** The record of a sourcedId, after every `movedTo` (R12, R20); null where there is none. */
export async function followMoves(
  { roster }: Pick<FactPorts, 'roster'>,
  districtId: string,
  sourcedId: string,
): Promise<RosterUser | null> {
  let user = await roster.bySourcedId(districtId, sourcedId);
  for (let moves = 0; user && moves < MAX_MOVES; moves++) {
    const next = nextRecord(user);
    if (next === null) break;
    // A move that leads nowhere leaves the record that it started from: inactive.
    const moved: RosterUser | null = await roster.bySourcedId(districtId, next);
    if (!moved) break;
    user = moved;
  }
  return user;
}

/** The record that the anchor names; mostly that is the named one, which is not read twice. */
async function readAnchored(
  ports: FactPorts,
  districtId: string,
  { userId, sourcedId }: ClassLinkIdentity,
  named: Promise<RosterUser | null>,
): Promise<RosterUser | null> {
  const anchor = userId === null ? null : await ports.anchors.find(districtId, userId);
  if (!anchor) return null;
  return anchor.sourcedId === sourcedId ? named : followMoves(ports, districtId, anchor.sourcedId);
}

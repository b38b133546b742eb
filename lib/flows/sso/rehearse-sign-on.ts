import type { DistrictSettings } from '../../core/district/settings.ts';
import { obstaclesOf, type PersonFacts } from '../../core/sso/obstacles.ts';
import { describeObstacles, type SignOnAnswer } from '../../core/sso/rehearsal.ts';
import { type ReadinessPorts, readReadiness } from './district-readiness.ts';
import { followMoves, readSignOnFacts } from './sign-on-facts.ts';
import type { SsoPorts } from './sso-ports.ts';

/** What a rehearsal reads. Nothing is written: no anchor is bound, no launch is made. */
export type RehearsalPorts = ReadinessPorts & Pick<SsoPorts, 'districts' | 'roster' | 'anchors'>;

/** Whom ClassLink would name. */
export interface RehearsedPerson {
  readonly sourcedId: string;
  /** What ClassLink would send as LoginId, where it is the roster's username; '' where it is not known. */
  readonly username: string;
}

/**
 * Whether a launch would sign this person in now: the decision of a launch, on what it would read (R18, R20). ClassLink's
 * own id of the person is not known here, so what an anchor says stays open.
 */
export async function rehearseSignOn(
  ports: RehearsalPorts,
  settings: DistrictSettings,
  person: RehearsedPerson,
): Promise<SignOnAnswer> {
  const [readiness, facts] = await Promise.all([readReadiness(ports, settings), readPerson(ports, settings, person)]);
  return describeObstacles(obstaclesOf(facts, readiness), settings);
}

async function readPerson(
  ports: RehearsalPorts,
  { districtId, classLinkTenantId }: DistrictSettings,
  { sourcedId, username }: RehearsedPerson,
): Promise<PersonFacts> {
  const identity = { tenantId: classLinkTenantId ?? 0, sourcedId, userId: null, loginId: username };
  const read = classLinkTenantId === null ? null : await readSignOnFacts(ports, identity);
  if (read?.district) return read.facts;
  // No launch would come so far; what it would meet after that is worth saying all the same.
  return { identity, bySourcedId: await followMoves(ports, districtId, sourcedId), byUsername: [], byAnchor: null };
}

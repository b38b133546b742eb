import { whyDistrictIsClosed, whyUserIsRefused } from '../../core/sso/decide-sign-on.ts';
import { type Session, type SessionEnd, sessionLives, whySessionIsOver } from '../../core/sso/session.ts';
import { followMoves, readDistrict } from './sign-on-facts.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

/** What a refresh reads and writes. */
export type RefreshPorts = Pick<SsoPorts, 'clock' | 'sessions' | 'districts' | 'syncs' | 'roster'> & {
  readonly stage: Pick<SsoPorts['stage'], 'clients'>;
};

/** The session as the roster has it now, or why it is over. */
export type RefreshOutcome =
  | { readonly live: true; readonly session: Session }
  | { readonly live: false; readonly because: SessionEnd | 'unknown-session' };

/**
 * Asks R18 again (R21): the district is open, has the tenant that vouched for the user, and the product that the session
 * is for; the user is active, enabled, of an allowed role and school, and still the same product user. Otherwise the
 * session ends for good. Role, schools and limits are those of now.
 */
export async function refreshSession(ports: RefreshPorts, sessionId: string): Promise<RefreshOutcome> {
  const session = await ports.sessions.get(sessionId);
  if (!session) return { live: false, because: 'unknown-session' };
  const now = nowSeconds(ports);
  const over = whySessionIsOver(session, now);
  const outcome = over ? { live: false as const, because: over } : await checkAgain(ports, session, now);
  if (!outcome.live) {
    if (!session.endedBy) await ports.sessions.end(sessionId, outcome.because);
    return outcome;
  }
  if (!hasNews(session, outcome.session)) return outcome;
  return (await ports.sessions.refresh(outcome.session)) ? outcome : { live: false, because: 'replaced' };
}

/** A session that was seen just now need not be written again: the code of a launch, and several nodes that refresh at once. */
const JUST_SEEN_SECONDS = 10;

const hasNews = (before: Session, now: Session): boolean =>
  now.seenAt - before.seenAt >= JUST_SEEN_SECONDS ||
  now.sourcedId !== before.sourcedId ||
  now.role !== before.role ||
  now.schools.join('\n') !== before.schools.join('\n') ||
  now.expiresAt !== before.expiresAt ||
  now.idleSeconds !== before.idleSeconds;

async function checkAgain(
  ports: RefreshPorts,
  session: Session,
  now: number,
): Promise<
  { readonly live: true; readonly session: Session } | { readonly live: false; readonly because: SessionEnd }
> {
  const over = (because: SessionEnd) => ({ live: false as const, because });
  const [district, user] = await Promise.all([
    readDistrict(ports, session.districtId),
    followMoves(ports, session.districtId, session.sourcedId),
  ]);
  if (!district) return over('unknown-tenant');
  const { sso, classLinkTenantId } = district.settings;
  // Another tenant's accounts are other people, however alike their ids are (R20).
  if (classLinkTenantId !== session.tenantId) return over('tenant-changed');
  if (ports.stage.clients.ofDistrict(sso.clientId)?.clientId !== session.clientId) return over('product-changed');
  if (!user) return over('not-in-roster');
  const because = whyDistrictIsClosed(district.facts) ?? whyUserIsRefused(user, sso);
  if (because) return over(because);
  // `sub` never changes within a session; a re-key moves the productId along (R12).
  if (user.productId !== session.productId) return over('user-changed');
  const { idleSeconds, absoluteSeconds } = sessionLives(sso, user.role);
  const expiresAt = Math.min(session.expiresAt, session.createdAt + absoluteSeconds);
  if (now >= expiresAt) return over('expired');
  const { sourcedId, role, schools } = user;
  return { live: true, session: { ...session, sourcedId, role, schools, idleSeconds, expiresAt, seenAt: now } };
}

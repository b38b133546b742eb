import { DENIALS, type DenialCode } from '../../core/sso/denials.ts';
import { HAND_OFF_SECONDS } from '../../core/sso/launch.ts';
import { initiateLoginUrl, type ProductClient } from '../../core/sso/product-client.ts';
import type { Session, SessionEnd } from '../../core/sso/session.ts';
import { denyLaunch, refuse } from './deny.ts';
import { type Answer, addCookie, type CookieChange, type SsoRequest } from './exchange.ts';
import { refreshSession } from './refresh-session.ts';
import type { SsoPorts } from './sso-ports.ts';

/**
 * Sends the browser to the product with a single-use hand-off in a cookie of ours (design §5), one for each launch. Only for a session of which
 * R18 was asked in this very request.
 */
export async function handOver(
  ports: SsoPorts,
  request: SsoRequest,
  session: Session,
  client: ProductClient,
  cookies: readonly CookieChange[],
): Promise<Answer> {
  const { sessionId, districtId, launchId, clientId } = session;
  const secret = ports.chance.token(32);
  await ports.grants.saveHandOff(ports.chance.hash(secret), { sessionId, clientId });
  return {
    kind: 'redirect',
    location: initiateLoginUrl(client, ports.stage.issuer),
    cookies: [...cookies, ...addCookie(request, 'handoff', launchId, secret, HAND_OFF_SECONDS)],
    facts: { sessionId, districtId, launchId, code: 'handed-over' },
  };
}

/** What a browser that proved to be that launch's holds of it. */
export interface LaunchAgain {
  readonly launchId: string;
  readonly sessionId: string;
  /** Cookies that are done with. */
  readonly cookies: readonly CookieChange[];
  /** The session's own cookie, where the browser may not have it. */
  readonly sessionCookie?: (session: Session) => CookieChange;
}

/**
 * A launch whose state was used before, in the browser that began it: on to the product again if its session lives (R19)
 * and its user may still sign in (R18, R21). Else the page that says why not; the session has ended then.
 */
export async function handOverAgain(ports: SsoPorts, request: SsoRequest, again: LaunchAgain): Promise<Answer> {
  const { launchId, sessionId, cookies } = again;
  const outcome = await refreshSession(ports, sessionId);
  if (!outcome.live) {
    if (!isDenial(outcome.because)) return refuse(ports, 'launch-used', { launchId, cookies });
    const session = await ports.sessions.get(sessionId);
    const whose = session ? { districtId: session.districtId, sourcedId: session.sourcedId } : {};
    return denyLaunch(ports, outcome.because, { launchId, ...whose, cookies });
  }
  const { session } = outcome;
  const client = ports.stage.clients.find(session.clientId);
  if (!client) return refuse(ports, 'launch-used', { launchId, cookies });
  const own = again.sessionCookie ? [again.sessionCookie(session)] : [];
  return handOver(ports, request, session, client, [...cookies, ...own]);
}

const isDenial = (because: SessionEnd | 'unknown-session'): because is DenialCode => Object.hasOwn(DENIALS, because);

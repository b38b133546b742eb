import { SESSION_COOKIE } from '../../core/sso/cookies.ts';
import { type Session, whySessionIsOver } from '../../core/sso/session.ts';
import { latestSessions } from './browser-id.ts';
import { type CookieChange, type SsoRequest, setCookie } from './exchange.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

const COOKIE = /^([0-9a-z]{7}[A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** The cookie by which this browser is known to have the session: its id and a secret of which we keep the hash. */
export const sessionCookie = (session: Session, browserSecret: string): CookieChange =>
  setCookie(SESSION_COOKIE, `${session.sessionId}.${browserSecret}`, session.expiresAt - session.createdAt);

/** The session of this browser's cookie, ended or not; null where the cookie is missing or not ours. */
export async function sessionOfBrowser(ports: SsoPorts, request: SsoRequest): Promise<Session | null> {
  const [, sessionId = '', secret = ''] = COOKIE.exec(request.cookies.get(SESSION_COOKIE) ?? '') ?? [];
  if (sessionId === '') return null;
  const session = await ports.sessions.get(sessionId);
  return session && ports.chance.equal(ports.chance.hash(secret), session.browserHash) ? session : null;
}

/** Ends the session that this browser's cookie names. */
export async function endEarlierSession(ports: SsoPorts, request: SsoRequest): Promise<void> {
  const earlier = await sessionOfBrowser(ports, request);
  if (earlier && !earlier.endedBy) await ports.sessions.end(earlier.sessionId, 'replaced');
}

/** Whether the session still lives. */
const isLive = (ports: SsoPorts, session: Session | null): boolean =>
  session !== null && whySessionIsOver(session, nowSeconds(ports)) === null;

/** The session that lives in this browser: its cookie's, else one that another tab of it made. Null where none does. */
export async function liveSessionOfBrowser(ports: SsoPorts, request: SsoRequest): Promise<Session | null> {
  const session = await sessionOfBrowser(ports, request);
  if (isLive(ports, session)) return session;
  return (await latestSessions(ports, request)).find((other) => isLive(ports, other)) ?? null;
}

/**
 * The session that a hand-off of this browser leads to; null where there is none. Where a later launch of the same person
 * at the same product replaced it meanwhile, that one's: two tabs that open at once both end signed in (R19). Never
 * somebody else's, whatever the browser says it is.
 */
export async function sessionOfHandOff(
  ports: SsoPorts,
  request: SsoRequest,
  sessionId: string,
): Promise<Session | null> {
  const session = await ports.sessions.get(sessionId);
  if (!session || isLive(ports, session)) return session;
  if (whySessionIsOver(session, nowSeconds(ports)) !== 'replaced') return null;
  const { districtId, clientId, productId } = session;
  const isSame = (other: Session) =>
    other.districtId === districtId && other.clientId === clientId && other.productId === productId;
  return (await latestSessions(ports, request)).find((other) => isSame(other) && isLive(ports, other)) ?? null;
}

import { SESSION_COOKIE } from '../../core/sso/launch.ts';
import { type Session, type SessionEnd, whySessionIsOver } from '../../core/sso/session.ts';
import { type CookieChange, type SsoRequest, setCookie } from './exchange.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

const COOKIE = /^([0-9a-z]{7}[A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** The cookie by which this browser is known to have the session: its id and a secret of which we keep the hash. */
export const sessionCookie = (session: Session, browserSecret: string): CookieChange =>
  setCookie(SESSION_COOKIE, `${session.sessionId}.${browserSecret}`, session.expiresAt - session.createdAt);

/** The session of this browser, ended or not; null where the cookie is missing or not ours. */
export async function sessionOfBrowser(ports: SsoPorts, request: SsoRequest): Promise<Session | null> {
  const [, sessionId = '', secret = ''] = COOKIE.exec(request.cookies.get(SESSION_COOKIE) ?? '') ?? [];
  if (sessionId === '') return null;
  const session = await ports.sessions.get(sessionId);
  return session && ports.chance.equal(ports.chance.hash(secret), session.browserHash) ? session : null;
}

/** Ends the session that this browser had before. */
export async function endEarlierSession(ports: SsoPorts, request: SsoRequest, by: SessionEnd): Promise<Session | null> {
  const earlier = await sessionOfBrowser(ports, request);
  if (earlier && !earlier.endedBy) await ports.sessions.end(earlier.sessionId, by);
  return earlier;
}

/** Whether the session still lives. */
export const isLive = (ports: SsoPorts, session: Session | null): session is Session =>
  session !== null && whySessionIsOver(session, nowSeconds(ports)) === null;

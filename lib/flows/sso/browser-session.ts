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

type SessionPorts = Pick<SsoPorts, 'clock' | 'sessions'>;

/** Whether the session still lives. */
const isLive = (ports: SessionPorts, session: Session | null): boolean =>
  session !== null && whySessionIsOver(session, nowSeconds(ports)) === null;

/** The session that lives in this browser: its cookie's, else one that another tab of it made. Null where none does. */
export async function liveSessionOfBrowser(ports: SsoPorts, request: SsoRequest): Promise<Session | null> {
  const session = await sessionOfBrowser(ports, request);
  if (isLive(ports, session)) return session;
  return (await latestSessions(ports, request)).find((other) => isLive(ports, other)) ?? null;
}

/** Launches that one browser makes while a hand-off or a code is good: tabs, and clicks of somebody who does not wait. */
const MAX_REPLACED = 8;

/**
 * The session that a hand-off or a code stands for; null where it has ended. Where later launches of the same person in the
 * same browser, for the same product, replaced it meanwhile, the last one's: two tabs that open at once both end signed in
 * (R19). Never somebody else's, whatever the browser says it is.
 */
export async function currentSession(ports: SessionPorts, sessionId: string): Promise<Session | null> {
  const first = await ports.sessions.get(sessionId);
  let session = first;
  for (let replaced = 0; session?.endedBy === 'replaced' && replaced < MAX_REPLACED; replaced++) {
    const next: Session | null = session.replacedBy === null ? null : await ports.sessions.get(session.replacedBy);
    const isSame =
      next?.districtId === first?.districtId &&
      next?.clientId === first?.clientId &&
      next?.productId === first?.productId;
    session = isSame ? next : null;
  }
  return isLive(ports, session) ? session : null;
}

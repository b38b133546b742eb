import {
  ageOfBrowser,
  BROWSER_FRESH_SECONDS,
  BROWSER_RANDOM_BYTES,
  BROWSER_SECONDS,
  browserIdOf,
  cookieName,
  newestOf,
} from '../../core/sso/cookies.ts';
import type { Session } from '../../core/sso/session.ts';
import { addCookie, type CookieChange, type SsoRequest } from './exchange.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

/** What this browser is known by, as hashes. Two tabs that came first at the same time have given it two ids: both count. */
function browserHashes(ports: Pick<SsoPorts, 'chance' | 'clock'>, request: SsoRequest): readonly string[] {
  const now = nowSeconds(ports);
  // Ids of today can be planted all the same, by who has looked into the browser's storage (docs/security.md, not defended).
  const ids = newestOf(
    'browser',
    request.cookies,
    (id, name) => name === cookieName('browser', id) && ageOfBrowser(id, now) !== null,
  );
  return ids.map(([, id]) => ports.chance.hash(id));
}

/** Gives the browser an id where it has none of today. Whatever launches it begins, their sessions are known to be one browser's. */
export function rememberBrowser(
  ports: Pick<SsoPorts, 'chance' | 'clock'>,
  request: SsoRequest,
): readonly CookieChange[] {
  const now = nowSeconds(ports);
  const isFresh = (id: string) => (ageOfBrowser(id, now) ?? BROWSER_SECONDS) < BROWSER_FRESH_SECONDS;
  if (newestOf('browser', request.cookies, isFresh).length > 0) return [];
  const id = browserIdOf(now, ports.chance.token(BROWSER_RANDOM_BYTES));
  return addCookie(request, 'browser', id, id, BROWSER_SECONDS);
}

/** What a launch of this browser leads to. */
export interface LaunchEnd {
  /** The session of the browser's own cookie, from before. */
  readonly earlier: Session | null;
  /** The new one; null where the launch was refused. */
  readonly session: Session | null;
}

/**
 * Ends every session of this browser but the new one. That is written down before anything ends: of two launches at once,
 * the later finds the earlier, also where the browser does not know of it yet. What a crash leaves undone the next launch
 * does.
 */
export async function endOthers(
  ports: Pick<SsoPorts, 'chance' | 'clock' | 'browsers' | 'sessions'>,
  request: SsoRequest,
  { earlier, session }: LaunchEnd,
): Promise<void> {
  const { browsers, sessions } = ports;
  const end = (sessionId: string) => sessions.end(sessionId, 'replaced', session?.sessionId);
  if (earlier && !earlier.endedBy) await end(earlier.sessionId);
  // One after another, in the order of their names: two launches that know both ids meet first at the same one.
  for (const hash of browserHashes(ports, request)) {
    const all = session ? await browsers.add(hash, session) : await browsers.sessions(hash);
    const others = all.filter((sessionId) => sessionId !== session?.sessionId);
    if (others.length === 0) continue;
    // Who was ended at an earlier id ends nobody: else two launches at once would end each other.
    if (session && (await sessions.get(session.sessionId))?.endedBy) return;
    await Promise.all(others.map(end));
    await browsers.forget(hash, others);
  }
}

/** Sessions that were made in this browser and not ended by a later launch of it. May have ended otherwise. */
export async function latestSessions(ports: SsoPorts, request: SsoRequest): Promise<readonly Session[]> {
  const listed = await Promise.all(browserHashes(ports, request).map((hash) => ports.browsers.sessions(hash)));
  const found = await Promise.all([...new Set(listed.flat())].map((sessionId) => ports.sessions.get(sessionId)));
  return found.flatMap((session) => session ?? []);
}

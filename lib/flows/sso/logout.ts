import { LOGOUT_COOKIE, newestOf, SESSION_COOKIE } from '../../core/sso/cookies.ts';
import { CONFIRM_SECONDS, type PendingLogout } from '../../core/sso/launch.ts';
import { homeOf, originOf } from '../../core/sso/product-client.ts';
import type { Session } from '../../core/sso/session.ts';
import { liveSessionOfBrowser, sessionOfBrowser } from './browser-session.ts';
import { type Answer, dropCookie, isFromOurPage, type Parameters, parameter, type SsoRequest } from './exchange.ts';
import type { SsoPorts } from './sso-ports.ts';

/** The product whose id_token came along: whose session it is, and which. */
type Hint = Awaited<ReturnType<SsoPorts['tokens']['readHint']>>;

/**
 * `GET` or `POST /logout` (OpenID Connect RP-Initiated Logout 1.0). Ends the session of the id_token that the product
 * shows. The session that this browser has ends only if it is that one, or if its person says so on a page of ours: a
 * link or a form of another site signs nobody out. Goes on only to an address that the client has registered.
 */
export async function logout(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const given = request.method === 'POST' ? request.form : request.query;
  const said = await sayingYes(ports, request);
  const hint = said ? null : await ports.tokens.readHint(parameter(given, 'id_token_hint'));
  const proven = said?.sessionId ?? hint?.sessionId;
  if (proven !== undefined) await ports.sessions.end(proven, 'logout');
  const location = said ? said.location : returnAddress(ports, given, hint);
  const live = await liveSessionOfBrowser(ports, request);
  if (live && live.sessionId !== proven) return askFirst(ports, live, location);
  const own = await sessionOfBrowser(ports, request);
  if (!own && proven === undefined && request.method === 'POST') return askAsPage(given);
  return signedOut(request, location, proven ?? own?.sessionId, own !== null);
}

/** "Sign out", from the page that this browser was shown; null for any other request. */
async function sayingYes(ports: SsoPorts, request: SsoRequest): Promise<PendingLogout | null> {
  if (request.method !== 'POST' || !isFromOurPage(request, originOf(ports.stage.issuer))) return null;
  const sealed = request.cookies.get(LOGOUT_COOKIE) ?? '';
  const pending = sealed === '' ? null : ((await ports.seals.open('logout', sealed)) as PendingLogout | null);
  return pending && ports.chance.equal(parameter(request.form, 'csrf'), pending.csrf) ? pending : null;
}

async function askFirst(ports: SsoPorts, session: Session, location: string | null): Promise<Answer> {
  const { sessionId, districtId, clientId } = session;
  const client = ports.stage.clients.find(clientId);
  const pending: PendingLogout = { sessionId, csrf: ports.chance.token(32), location };
  const sealed = await ports.seals.seal('logout', pending, CONFIRM_SECONDS);
  return {
    kind: 'ask-logout',
    csrf: pending.csrf,
    home: client && homeOf(client),
    origins: location === null ? [] : [originOf(location)],
    cookies: [{ name: LOGOUT_COOKIE, value: sealed, maxAgeSeconds: CONFIRM_SECONDS, sameSite: 'Strict' }],
    facts: { sessionId, districtId, code: 'asked' },
  };
}

/** Another site's form comes without our cookies, so nobody knows yet whether somebody is signed in: a page knows. */
function askAsPage(given: Parameters): Answer {
  const names = ['post_logout_redirect_uri', 'client_id', 'state'].filter((name) => given.has(name));
  const query = new URLSearchParams(Object.fromEntries(names.map((name) => [name, parameter(given, name)])));
  return { kind: 'redirect', location: `/logout?${query}`, facts: { code: 'asked' } };
}

/** Only who has lost their session loses the cookie of it: the next launch of this browser must know which one to end. */
function signedOut(
  request: SsoRequest,
  location: string | null,
  sessionId: string | undefined,
  wasOfThisBrowser: boolean,
): Answer {
  const handOffs = newestOf('handoff', request.cookies).map(([name]) => name);
  const gone = wasOfThisBrowser ? [SESSION_COOKIE, ...handOffs, LOGOUT_COOKIE] : [LOGOUT_COOKIE];
  const cookies = gone.map(dropCookie);
  const facts = { code: 'logout', ...(sessionId === undefined ? {} : { sessionId }) };
  return location === null ? { kind: 'signed-out', cookies, facts } : { kind: 'redirect', location, cookies, facts };
}

/** Where to go after logout; null for our own page. Who names two different clients gets the page. */
function returnAddress(ports: SsoPorts, given: Parameters, hint: Hint): string | null {
  const uri = parameter(given, 'post_logout_redirect_uri');
  const named = parameter(given, 'client_id');
  const clientId = hint?.clientId ?? named;
  if (uri === '' || (named !== '' && named !== clientId)) return null;
  if (!ports.stage.clients.find(clientId)?.postLogoutRedirectUris?.includes(uri)) return null;
  const state = parameter(given, 'state');
  return state === '' ? uri : `${uri}${uri.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`;
}

import { HAND_OFF_COOKIE, SESSION_COOKIE } from '../../core/sso/launch.ts';
import { endEarlierSession } from './browser-session.ts';
import { authenticateClient, oauthError } from './client-authentication.ts';
import { type Answer, dropCookie, type Parameters, parameter, type SsoRequest } from './exchange.ts';
import type { SsoPorts } from './sso-ports.ts';

/**
 * `POST /revoke` (RFC 7009): ends the session of a refresh token of this client. A token that is none, or another
 * client's, is answered in the same way. Access tokens end by themselves after ten minutes.
 */
export async function revoke(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const client = await authenticateClient(ports, request);
  if (!client) return oauthError(401, 'invalid_client', 'client authentication failed');
  const secret = parameter(request.form, 'token');
  if (secret === '') return oauthError(400, 'invalid_request', 'token is required');
  const done = { kind: 'json', status: 200, body: {} } as const;
  const grant = await ports.grants.findRefresh(ports.chance.hash(secret));
  if (grant?.clientId !== client.clientId) return done;
  const { sessionId } = grant;
  await ports.sessions.end(sessionId, 'revoked');
  return { ...done, facts: { sessionId, code: 'revoked' } };
}

/**
 * `GET` or `POST /logout` (OpenID Connect RP-Initiated Logout 1.0): ends our session of this browser, and of the
 * id_token that the product shows. Goes back only to an address that the client has registered. LaunchPad stays open.
 */
export async function logout(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const given = request.method === 'POST' ? request.form : request.query;
  const hint = await ports.tokens.readHint(parameter(given, 'id_token_hint'));
  if (hint) await ports.sessions.end(hint.sessionId, 'logout');
  const ended = await endEarlierSession(ports, request, 'logout');
  const cookies = [dropCookie(SESSION_COOKIE), dropCookie(HAND_OFF_COOKIE)];
  const sessionId = ended?.sessionId ?? hint?.sessionId;
  const facts = { code: 'logout', ...(sessionId === undefined ? {} : { sessionId }) };
  const location = returnAddress(ports, given, hint?.clientId ?? null);
  return location === null ? { kind: 'signed-out', cookies, facts } : { kind: 'redirect', location, cookies, facts };
}

/** Where to go after logout; null for our own page. Who names two different clients gets the page. */
function returnAddress(ports: SsoPorts, given: Parameters, hintedClient: string | null): string | null {
  const uri = parameter(given, 'post_logout_redirect_uri');
  const named = parameter(given, 'client_id');
  const clientId = hintedClient ?? named;
  if (uri === '' || (named !== '' && named !== clientId)) return null;
  if (!ports.stage.clients.find(clientId)?.postLogoutRedirectUris?.includes(uri)) return null;
  const state = parameter(given, 'state');
  return state === '' ? uri : `${uri}${uri.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`;
}

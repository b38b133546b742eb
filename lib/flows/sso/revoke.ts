import { authenticateClient, oauthError } from './client-authentication.ts';
import { type Answer, parameter, type SsoRequest } from './exchange.ts';
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

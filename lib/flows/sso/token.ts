import type { ProductClient } from '../../core/sso/product-client.ts';
import { accessClaims, idClaims, type Session } from '../../core/sso/session.ts';
import type { OneTimeCode } from '../../ports/sso/sign-on-store.ts';
import { currentSession } from './browser-session.ts';
import { authenticateClient, oauthError } from './client-authentication.ts';
import { type Answer, parameter, type SsoRequest } from './exchange.ts';
import { type RefreshOutcome, refreshSession } from './refresh-session.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** `POST /token` (RFC 6749 §4.1.3, §6): a code once, or a refresh token, of a client that has proved who it is. */
export async function token(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const client = await authenticateClient(ports, request);
  if (!client) return oauthError(401, 'invalid_client', 'client authentication failed');
  const grant = parameter(request.form, 'grant_type');
  if (grant === 'authorization_code') return redeemCode(ports, request, client);
  if (grant === 'refresh_token') return refresh(ports, request, client);
  return oauthError(400, 'unsupported_grant_type', 'authorization_code or refresh_token');
}

/** One text for all that can be wrong with a code or a refresh token: a thief learns nothing from the answer. */
const INVALID_GRANT = oauthError(400, 'invalid_grant', 'the grant is not valid, or not any more');

async function redeemCode(ports: SsoPorts, { form }: SsoRequest, client: ProductClient): Promise<Answer> {
  const secret = parameter(form, 'code');
  const verifier = parameter(form, 'code_verifier');
  if (secret === '' || verifier === '')
    return oauthError(400, 'invalid_request', 'code and code_verifier are required');
  // Taken before it is looked at: whoever presents a code wrongly has used it up.
  const taken = await ports.grants.takeCode(ports.chance.hash(secret), ports.chance.token(16));
  if (!taken) return INVALID_GRANT;
  if ('reused' in taken) {
    const { sessionId } = taken.reused;
    // The tokens may be those of the session that took its place.
    const current = await currentSession(ports, sessionId);
    for (const each of new Set([sessionId, current?.sessionId ?? sessionId]))
      await ports.sessions.end(each, 'code-reuse');
    return { ...INVALID_GRANT, facts: { sessionId, code: 'code-reuse' } };
  }
  const { code } = taken;
  const { sessionId } = code;
  const fault = codeFault(ports, code, client, parameter(form, 'redirect_uri'), verifier);
  if (fault) return { ...INVALID_GRANT, facts: { sessionId, code: fault } };
  // R18 and R21: between the launch and this call the roster or the settings may have changed.
  const outcome = await refreshCurrent(ports, sessionId);
  if (!outcome.live) return { ...INVALID_GRANT, facts: { sessionId, code: outcome.because } };
  return firstTokens(ports, outcome.session, code.nonce);
}

/** The session of a code; or, where another tab of the same person was quicker, the one that took its place. */
async function refreshCurrent(ports: SsoPorts, sessionId: string): Promise<RefreshOutcome> {
  const outcome = await refreshSession(ports, sessionId);
  if (outcome.live || outcome.because !== 'replaced') return outcome;
  const current = await currentSession(ports, sessionId);
  return current ? refreshSession(ports, current.sessionId) : outcome;
}

/** What a code is worth: beside the access token an id_token, and a refresh token of this client. */
async function firstTokens(ports: SsoPorts, session: Session, nonce: string | null): Promise<Answer> {
  const { sessionId, clientId, expiresAt } = session;
  const refreshToken = ports.chance.token(32);
  const idToken = ports.tokens.idToken(idClaims(session, ports.stage.issuer, nonce, nowSeconds(ports)));
  const [more] = await Promise.all([
    idToken.then((id_token) => tokens(ports, session, { id_token, refresh_token: refreshToken })),
    ports.grants.saveRefresh(ports.chance.hash(refreshToken), { sessionId, clientId, expiresAt }),
  ]);
  return more;
}

function codeFault(
  ports: SsoPorts,
  code: OneTimeCode,
  client: ProductClient,
  redirectUri: string,
  verifier: string,
): string | null {
  if (code.clientId !== client.clientId) return 'code-of-another-client';
  if (nowSeconds(ports) >= code.expiresAt) return 'code-expired';
  if (code.redirectUri !== redirectUri) return 'another-redirect-uri';
  const proven = VERIFIER.test(verifier) && ports.chance.equal(ports.chance.hash(verifier), code.challenge);
  return proven ? null : 'wrong-verifier';
}

async function refresh(ports: SsoPorts, { form }: SsoRequest, client: ProductClient): Promise<Answer> {
  const secret = parameter(form, 'refresh_token');
  if (secret === '') return oauthError(400, 'invalid_request', 'refresh_token is required');
  const grant = await ports.grants.findRefresh(ports.chance.hash(secret));
  if (grant?.clientId !== client.clientId) return INVALID_GRANT;
  const { sessionId } = grant;
  const outcome = await refreshSession(ports, sessionId);
  if (!outcome.live) return { ...INVALID_GRANT, facts: { sessionId, code: outcome.because } };
  return tokens(ports, outcome.session, {});
}

/** RFC 6749 §5.1. */
async function tokens(ports: SsoPorts, session: Session, more: Readonly<Record<string, string>>): Promise<Answer> {
  const claims = accessClaims(session, ports.stage.issuer, nowSeconds(ports));
  const accessToken = await ports.tokens.accessToken(claims);
  const { sessionId, districtId } = session;
  return {
    kind: 'json',
    status: 200,
    body: {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: claims.exp - claims.iat,
      scope: 'openid',
      ...more,
    },
    facts: { sessionId, districtId, code: 'tokens' },
  };
}

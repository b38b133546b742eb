import type { Answer } from './exchange.ts';
import type { SsoPorts } from './sso-ports.ts';

/** Clients may keep the documents so long. A new signing key is shown for 24 hours before it signs. Seconds. */
const CACHE = { 'cache-control': 'public, max-age=300' };

/** `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §3): what is there, and nothing else. */
export function discovery({ stage }: Pick<SsoPorts, 'stage'>): Answer {
  const { issuer } = stage;
  const body = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    end_session_endpoint: `${issuer}/logout`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid'],
    claims_supported: ['iss', 'aud', 'sub', 'sid', 'auth_time', 'iat', 'exp', 'nonce'],
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
  return { kind: 'json', status: 200, body, headers: CACHE };
}

/** `GET /.well-known/jwks.json`: previous, current and next public key. */
export async function keySet({ tokens }: Pick<SsoPorts, 'tokens'>): Promise<Answer> {
  return { kind: 'json', status: 200, body: await tokens.keySet(), headers: CACHE };
}

/** `GET /healthz`: the function answers. It asks nobody, so that a monitor costs nothing and trips over nothing. */
export const health = (): Answer => ({ kind: 'json', status: 200, body: { ok: true } });

import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Clock } from '../../ports/clock.ts';
import { KeysUnavailable } from './key-set.ts';

/** What an id_token must say. */
export interface IdTokenExpectation {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: none was sent, so none is compared. */
  readonly nonce: string | null;
}

/** `detail` is a code of the token library or of ours, for the log; never what the token says. */
export type IdTokenOutcome =
  | { readonly ok: true; readonly claims: JWTPayload }
  | { readonly ok: false; readonly code: 'token-invalid' | 'classlink-unavailable'; readonly detail: string };

/** Real ones have 1 to 2 KB. Characters. */
const MAX_TOKEN = 16 * 1024;

/** How far ClassLink's clock and ours may be apart. Seconds. */
const CLOCK_TOLERANCE_SECONDS = 300;

/** ClassLink's id_tokens live 24 hours; one that was made longer ago is not the answer to a launch of ten minutes. */
const MAX_AGE_SECONDS = 24 * 3600;

const refuse = (detail: string): IdTokenOutcome => ({ ok: false, code: 'token-invalid', detail });

/**
 * Checks ClassLink's id_token (OpenID Connect Core 1.0 §3.1.3.7): RS256 whatever the token says, exact `iss`, `aud` we
 * alone, `azp` we where it is there, `exp`, `iat` and `sub` required, `nbf` checked where it is there, `nonce` equal.
 */
export async function verifyIdToken(
  token: unknown,
  keys: JWTVerifyGetKey,
  { issuer, clientId, nonce }: IdTokenExpectation,
  clock: Clock,
): Promise<IdTokenOutcome> {
  if (typeof token !== 'string') return refuse('no-id-token');
  if (token.length > MAX_TOKEN) return refuse('id-token-too-long');
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer,
      audience: clientId,
      requiredClaims: ['exp', 'iat', 'sub', 'iss', 'aud'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: MAX_AGE_SECONDS,
      currentDate: clock.now(),
    });
    if (Array.isArray(payload.aud) && payload.aud.length !== 1) return refuse('another-audience');
    if (payload['azp'] !== undefined && payload['azp'] !== clientId) return refuse('wrong-azp');
    if (nonce !== null && payload['nonce'] !== nonce) return refuse('wrong-nonce');
    return { ok: true, claims: payload };
  } catch (error) {
    if (error instanceof KeysUnavailable) return { ok: false, code: 'classlink-unavailable', detail: error.code };
    if (error instanceof errors.JOSEError) return refuse(error.code);
    return refuse('unreadable');
  }
}

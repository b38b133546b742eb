import type { SsoSettings } from '../district/sso-settings.ts';
import type { DenialCode } from './denials.ts';

/** Why a session ended; a `DenialCode` where a refresh found that its user may not sign in any more (R21). */
export type SessionEnd =
  | DenialCode
  | 'replaced'
  | 'logout'
  | 'revoked'
  | 'code-reuse'
  | 'idle'
  | 'expired'
  | 'user-changed'
  | 'tenant-changed'
  | 'product-changed';

/** One signed-in browser at one product. Times in seconds since 1970. */
export interface Session {
  /** `sid` in tokens. Our own id: alone it opens nothing. */
  readonly sessionId: string;
  readonly launchId: string;
  readonly districtId: string;
  /** ClassLink's tenant that vouched for the person; a district that names another one ends the session. */
  readonly tenantId: number;
  readonly clientId: string;
  /** The record that signed in; follows `movedTo` at refreshes. */
  readonly sourcedId: string;
  /** `sub` of every token. Does not change. */
  readonly productId: string;
  readonly role: string;
  readonly schools: readonly string[];
  /** SHA-256 of the secret in the browser's session cookie. */
  readonly browserHash: string;
  readonly createdAt: number;
  /** Last refresh, or the start. */
  readonly seenAt: number;
  /** Ends then in any case. */
  readonly expiresAt: number;
  readonly idleSeconds: number;
  readonly endedBy: SessionEnd | null;
  /** The session of the later launch in the same browser, where `endedBy` is `replaced`; null also where that was refused. */
  readonly replacedBy: string | null;
}

/** Access tokens and id_tokens live so long: what R21 promises. Seconds. */
export const TOKEN_SECONDS = 600;

/** One-time codes live so long (design §5). Seconds. */
export const CODE_SECONDS = 60;

/** A used or expired code is remembered so long, so that a second use is seen and ends the session. Seconds. */
export const CODE_MEMORY_SECONDS = 12 * 3600;

/** How long a session of this role lasts. Seconds. */
export function sessionLives(sso: SsoSettings, role: string): { idleSeconds: number; absoluteSeconds: number } {
  const { idleMinutes, absoluteMinutes } = role === 'student' ? sso.sessions.student : sso.sessions.others;
  return { idleSeconds: idleMinutes * 60, absoluteSeconds: absoluteMinutes * 60 };
}

/** Why the session is over at this time; null while it lives. */
export function whySessionIsOver(session: Session, nowSeconds: number): SessionEnd | null {
  if (session.endedBy) return session.endedBy;
  if (nowSeconds >= session.expiresAt) return 'expired';
  return nowSeconds >= session.seenAt + session.idleSeconds ? 'idle' : null;
}

/** Claims of the access token (`typ: at+jwt`, RFC 9068) beside those that the signer adds. */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly client_id: string;
  readonly sid: string;
  readonly district: string;
  readonly role: string;
  readonly schools: readonly string[];
  readonly scope: 'openid';
  readonly iat: number;
  readonly exp: number;
}

/** What the product may know of the session: our ids, role and schools. No name, no sourcedId of a person. */
export const accessClaims = (session: Session, issuer: string, nowSeconds: number): AccessClaims => ({
  iss: issuer,
  aud: session.clientId,
  sub: session.productId,
  client_id: session.clientId,
  sid: session.sessionId,
  district: session.districtId,
  role: session.role,
  schools: session.schools,
  scope: 'openid',
  iat: nowSeconds,
  exp: endOfToken(session, nowSeconds),
});

/** Ten minutes, or the session's absolute end where that is nearer. */
const endOfToken = (session: Session, nowSeconds: number): number =>
  Math.min(nowSeconds + TOKEN_SECONDS, session.expiresAt);

/** Claims of the id_token (OpenID Connect Core 1.0 §2). */
export interface IdClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly sid: string;
  readonly nonce?: string;
  readonly auth_time: number;
  readonly iat: number;
  readonly exp: number;
}

/** Who signed in, for the client that asked. `nonce` as it was sent, absent where none was. Never outlives the session. */
export const idClaims = (session: Session, issuer: string, nonce: string | null, nowSeconds: number): IdClaims => ({
  iss: issuer,
  aud: session.clientId,
  sub: session.productId,
  sid: session.sessionId,
  ...(nonce === null ? {} : { nonce }),
  auth_time: session.createdAt,
  iat: nowSeconds,
  exp: endOfToken(session, nowSeconds),
});

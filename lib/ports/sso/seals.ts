import type { AccessClaims, IdClaims } from '../../core/sso/session.ts';

/** Chance and hashes. */
export interface Chance {
  /** So many random bytes from the system's generator. */
  bytes(count: number): Uint8Array;
  /** The same as base64url. */
  token(byteCount: number): string;
  /** SHA-256 as base64url. */
  hash(text: string): string;
  /** Whether two texts are equal, in a time that does not depend on where they differ. */
  equal(one: string, other: string): boolean;
}

/** What a sealed text is for: a text sealed for one purpose opens for no other. */
export type SealPurpose = 'launch' | 'confirm' | 'logout';

/** State parameters and cookies that only we can write. Keys come from the secret; old keys still open. */
export interface Seals {
  /** `launchId.signature`: goes through ClassLink and the address bar. */
  signState(launchId: string): Promise<string>;
  /** The launch of a state that we signed; null for anything else. */
  launchOf(state: string): Promise<string | null>;
  /** Encrypted and authenticated (JWE `dir`, A256GCM), good for so many seconds. */
  seal(purpose: SealPurpose, value: object, seconds: number): Promise<string>;
  /** What was sealed for this purpose; null where it was not, or is too old. */
  open(purpose: SealPurpose, sealed: string): Promise<unknown>;
}

/** Tokens that we sign (ES256, `kid`), and the keys to verify them with. */
export interface Tokens {
  accessToken(claims: AccessClaims): Promise<string>;
  idToken(claims: IdClaims): Promise<string>;
  /** JSON Web Key Set: current, next and previous public key. */
  keySet(): Promise<{ readonly keys: readonly object[] }>;
  /** Session and client of an id_token of ours, expired or not (logout hint); null for anything else. */
  readHint(idToken: string): Promise<{ readonly sessionId: string; readonly clientId: string } | null>;
}

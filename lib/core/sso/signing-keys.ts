/** A private P-256 key as JWK (RFC 7517) with its `kid`. */
export interface SigningJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d: string;
  readonly kid: string;
}

/** A signing key and since when the JWKS shows it, ISO 8601. */
export interface SigningKey {
  readonly jwk: SigningJwk;
  readonly publishedAt: string;
}

/**
 * The keys of a stage. `current` signs; all three are published, so that a verifier with an old copy of the JWKS knows
 * the key that signs next, and one with a new copy still knows the key that signed ten minutes ago.
 */
export interface SigningKeys {
  readonly previous: SigningKey | null;
  readonly current: SigningKey;
  readonly next: SigningKey | null;
}

/** A key signs only when the JWKS has shown it for so long: verifiers cache the set, some for hours. */
export const PROMOTE_AFTER_HOURS = 24;

/** What a rotation did. `too-early`: nothing; `next` is younger than 24 hours. */
export type RotationOutcome =
  | { readonly done: 'published' | 'promoted'; readonly keys: SigningKeys }
  | { readonly done: 'too-early'; readonly notBefore: string };

/**
 * One step: where there is no `next`, `fresh` becomes it; else `next` becomes `current`, `current` becomes `previous`,
 * and `fresh` is published as `next`. Run weekly or by hand, it can never sign with a key that nobody has seen.
 */
export function rotateSigningKeys(keys: SigningKeys, fresh: SigningJwk, now: Date): RotationOutcome {
  const published = { jwk: fresh, publishedAt: now.toISOString() };
  if (!keys.next) return { done: 'published', keys: { ...keys, next: published } };
  const notBefore = new Date(Date.parse(keys.next.publishedAt) + PROMOTE_AFTER_HOURS * 3_600_000);
  if (now < notBefore) return { done: 'too-early', notBefore: notBefore.toISOString() };
  return { done: 'promoted', keys: { previous: keys.current, current: keys.next, next: published } };
}

/** The keys that the JWKS shows, current first. */
export const publishedKeys = ({ previous, current, next }: SigningKeys): readonly SigningKey[] =>
  [current, next, previous].filter((key) => key !== null);

/** A published key without its secret: for people who look after the rotation. */
export interface KeyAge {
  readonly role: 'current' | 'next' | 'previous';
  readonly kid: string;
  /** ISO 8601. */
  readonly publishedAt: string;
  /** Whole hours since then. */
  readonly ageHours: number;
}

/** The published keys with what they are for, current first. */
export function ageOfKeys(keys: SigningKeys, now: Date): readonly KeyAge[] {
  const roles = ['current', 'next', 'previous'] as const;
  return roles.flatMap((role) => {
    const key = keys[role];
    if (!key) return [];
    const { publishedAt, jwk } = key;
    const ageHours = Math.floor((now.getTime() - Date.parse(publishedAt)) / 3_600_000);
    return [{ role, kid: jwk.kid, publishedAt, ageHours }];
  });
}

/** The public half: what the JWKS says of a key. */
export const publicJwk = ({ kty, crv, x, y, kid }: SigningJwk) => ({ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' });

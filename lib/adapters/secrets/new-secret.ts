import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { SignOnSecret } from '../../core/sso/sign-on-secret.ts';
import type { SigningJwk } from '../../core/sso/signing-keys.ts';

const token = (): string => randomBytes(32).toString('base64url');

/** A new P-256 signing key. Its `kid` is chance, not a name: it says nothing. */
export function newSigningKey(): SigningJwk {
  const { x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  if (x === undefined || y === undefined || d === undefined) throw new Error('the key has no coordinates');
  return { kty: 'EC', crv: 'P-256', x, y, d, kid: randomBytes(8).toString('base64url') };
}

/** A secret for a product's client: 256 bits of chance. */
export const newClientSecret = token;

/** How the secret of a product's client is kept. */
export const hashClientSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** A secret for a new stage, and the products' own secrets, which are shown once and kept nowhere. */
export function newSignOnSecret(
  clientIds: readonly string[],
  now: Date,
  classLink: SignOnSecret['classLink'] = { clientId: `c${randomBytes(16).toString('hex')}`, clientSecret: token() },
): { readonly secret: SignOnSecret; readonly clientSecrets: Readonly<Record<string, string>> } {
  const clientSecrets = Object.fromEntries(clientIds.map((clientId) => [clientId, token()]));
  const publishedAt = now.toISOString();
  const hashes = Object.entries(clientSecrets).map(([id, secret]) => [id, [hashClientSecret(secret)]] as const);
  const secret: SignOnSecret = {
    classLink,
    cookieKeys: [{ kid: randomBytes(4).toString('hex'), key: token() }],
    signingKeys: {
      previous: null,
      current: { jwk: newSigningKey(), publishedAt },
      next: { jwk: newSigningKey(), publishedAt },
    },
    clientSecretHashes: Object.fromEntries(hashes),
  };
  return { secret, clientSecrets };
}

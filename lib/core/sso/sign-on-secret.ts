import type { SigningJwk, SigningKey, SigningKeys } from './signing-keys.ts';

/** The one secret of a stage. Read from Secrets Manager, or from a file on one machine; never from the environment. */
export interface SignOnSecret {
  readonly classLink: { readonly clientId: string; readonly clientSecret: string };
  /** 32 bytes as base64url each. The first seals and signs; the others still open (rotation). */
  readonly cookieKeys: readonly { readonly kid: string; readonly key: string }[];
  readonly signingKeys: SigningKeys;
  /** By client id: SHA-256 (base64url) of the client's secret, which has at least 128 bits of chance. Two while it changes. */
  readonly clientSecretHashes: Readonly<Record<string, readonly string[]>>;
}

/** The secret is not what it should be. Says which member, never its value. */
export class SecretDamaged extends Error {
  override readonly name = 'SecretDamaged';
  readonly code = 'secret-damaged';
  readonly retryable = false;
}

const KEY_256 = /^[A-Za-z0-9_-]{43}$/;

/**
 * Checks a secret's JSON.
 *
 * @throws SecretDamaged
 */
export function readSignOnSecret(json: string): SignOnSecret {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new SecretDamaged('the secret is not JSON');
  }
  const root = objectAt(value, 'the secret');
  const classLink = objectAt(root['classLink'], 'classLink');
  const cookieKeys = listAt(root['cookieKeys'], 'cookieKeys').map((each, index) => {
    const entry = objectAt(each, `cookieKeys.${index}`);
    return {
      kid: textAt(entry['kid'], `cookieKeys.${index}.kid`),
      key: textAt(entry['key'], `cookieKeys.${index}.key`, KEY_256),
    };
  });
  if (cookieKeys.length === 0) throw new SecretDamaged('cookieKeys');
  const keys = objectAt(root['signingKeys'], 'signingKeys');
  const current = readKey(keys['current'], 'signingKeys.current');
  if (!current) throw new SecretDamaged('signingKeys.current');
  const hashes = Object.entries(objectAt(root['clientSecretHashes'], 'clientSecretHashes')).map(
    ([clientId, list]) =>
      [
        clientId,
        listAt(list, 'clientSecretHashes').map((hash) => textAt(hash, 'clientSecretHashes', KEY_256)),
      ] as const,
  );
  return {
    classLink: {
      clientId: textAt(classLink['clientId'], 'classLink.clientId'),
      clientSecret: textAt(classLink['clientSecret'], 'classLink.clientSecret'),
    },
    cookieKeys,
    signingKeys: {
      previous: readKey(keys['previous'], 'signingKeys.previous'),
      current,
      next: readKey(keys['next'], 'signingKeys.next'),
    },
    clientSecretHashes: Object.fromEntries(hashes),
  };
}

function readKey(value: unknown, where: string): SigningKey | null {
  if (value === undefined || value === null) return null;
  const entry = objectAt(value, where);
  const jwk = objectAt(entry['jwk'], where);
  if (jwk['kty'] !== 'EC' || jwk['crv'] !== 'P-256') throw new SecretDamaged(where);
  const part = (name: string) => textAt(jwk[name], `${where}.${name}`, KEY_256);
  const publishedAt = textAt(entry['publishedAt'], `${where}.publishedAt`);
  if (Number.isNaN(Date.parse(publishedAt))) throw new SecretDamaged(`${where}.publishedAt`);
  const kid = textAt(jwk['kid'], `${where}.kid`);
  const full: SigningJwk = { kty: 'EC', crv: 'P-256', x: part('x'), y: part('y'), d: part('d'), kid };
  return { jwk: full, publishedAt };
}

function objectAt(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SecretDamaged(where);
  return value as Record<string, unknown>;
}

function listAt(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new SecretDamaged(where);
  return value;
}

function textAt(value: unknown, where: string, shape: RegExp = /^.{1,4096}$/s): string {
  if (typeof value !== 'string' || !shape.test(value)) throw new SecretDamaged(where);
  return value;
}

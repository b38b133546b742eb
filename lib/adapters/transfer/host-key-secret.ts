import { createHash, createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import type { SshHostKey } from '../../core/district/host-keys.ts';
import { describeSshBlob } from '../../core/district/ssh-public-key.ts';

/** A host key of the secret: what is imported, and what people compare. */
export interface SecretHostKey extends SshHostKey {
  readonly privateKey: string;
}

/** All types from the first day: one that comes later looks like an attack to clients (facts: server host keys). */
const NAMES = { ed25519: 'ssh-ed25519', ecdsa: 'ecdsa-sha2-nistp256', rsa: 'ssh-rsa' } as const;

/** Types of the keys that a secret holds. */
export const HOST_KEY_TYPES: readonly string[] = Object.values(NAMES);

/** The secret is not what it should be. Says which member, never its value. */
export class HostKeySecretDamaged extends Error {
  override readonly name = 'HostKeySecretDamaged';
  readonly code = 'host-key-secret-damaged';
  readonly retryable = false;
}

/**
 * The keys of the secret: JSON with a private key each as `ed25519`, `ecdsa` (P-256) and `rsa`, in PEM or in OpenSSH's
 * format without a passphrase. Null for the placeholder that the stack has made.
 *
 * @throws HostKeySecretDamaged
 */
export function readHostKeySecret(text: string): readonly SecretHostKey[] | null {
  const secret = parseObject(text);
  if (Object.keys(NAMES).every((name) => secret[name] === undefined)) return null;
  return Object.entries(NAMES).map(([name, type]) => {
    const privateKey = secret[name];
    const blob = typeof privateKey === 'string' ? publicBlobOf(privateKey) : null;
    const described = blob && describeSshBlob(blob);
    if (!blob || described?.type !== type || typeof privateKey !== 'string') {
      throw new HostKeySecretDamaged(`the member ${name} is not a private key of type ${type}`);
    }
    const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
    return { ...described, fingerprint, privateKey };
  });
}

/**
 * New keys for the secret. Transfer Family takes RSA and ECDSA keys in PEM and Ed25519 keys in OpenSSH's format (user
 * guide, "Add a server host key").
 */
export function newHostKeySecret(): string {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
  const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  return JSON.stringify({
    ed25519: openSshEd25519(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
    ecdsa: ecdsa.export({ format: 'pem', type: 'sec1' }),
    rsa: rsa.export({ format: 'pem', type: 'pkcs1' }),
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {}
  throw new HostKeySecretDamaged('the secret is not a JSON object');
}

const OPENSSH = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/;
const MAGIC = Buffer.from('openssh-key-v1\0');

/** The public half in SSH's wire format; null for what is no private key that can be read without a passphrase. */
function publicBlobOf(privateKey: string): Buffer | null {
  const body = OPENSSH.exec(privateKey)?.[1];
  try {
    return body === undefined ? blobOfJwk(createPublicKey(privateKey).export({ format: 'jwk' })) : blobInside(body);
  } catch {
    return null;
  }
}

/** PROTOCOL.key of OpenSSH: magic, cipher, kdf, kdf options, number of keys, public key, private part. */
function blobInside(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, 'base64');
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  let at = MAGIC.length;
  const next = (): Buffer => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  if (next().toString() !== 'none') return null;
  next();
  next();
  at += 4;
  return Buffer.from(next());
}

const field = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

const bytesOf = (base64url: string | undefined): Buffer => Buffer.from(base64url ?? '', 'base64url');

/** A number is written without leading zeros, but never looks negative (RFC 4251 §5). */
const mpint = (bytes: Buffer): Buffer => field((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);

function blobOfJwk({ kty, crv, x, y, n, e }: JsonWebKey): Buffer | null {
  if (kty === 'OKP' && crv === 'Ed25519') return ed25519Blob(bytesOf(x));
  if (kty === 'EC' && crv === 'P-256') {
    const point = Buffer.concat([Buffer.of(4), bytesOf(x), bytesOf(y)]);
    return Buffer.concat([field('ecdsa-sha2-nistp256'), field('nistp256'), field(point)]);
  }
  if (kty === 'RSA') return Buffer.concat([field('ssh-rsa'), mpint(bytesOf(e)), mpint(bytesOf(n))]);
  return null;
}

const ed25519Blob = (publicKey: Buffer): Buffer => Buffer.concat([field('ssh-ed25519'), field(publicKey)]);

function openSshEd25519({ x, d }: JsonWebKey): string {
  const [publicKey, seed] = [bytesOf(x), bytesOf(d)];
  const check = randomBytes(4);
  const secret = Buffer.concat([
    ...[check, check, field('ssh-ed25519'), field(publicKey)],
    ...[field(Buffer.concat([seed, publicKey])), field('')],
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1));
  const count = Buffer.of(0, 0, 0, 1);
  const parts = [MAGIC, field('none'), field('none'), field(''), count, field(ed25519Blob(publicKey))];
  const all = Buffer.concat([...parts, field(Buffer.concat([secret, padding]))]);
  const lines = all.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

import { randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { Passwords } from '../../ports/passwords.ts';

/** The cost of one hash. */
interface ScryptCost {
  /** log2 of N, the number of iterations. */
  readonly ln: number;
  /** Block size: one hash takes 128 x N x r bytes of memory. */
  readonly r: number;
  /** Parallelism. */
  readonly p: number;
}

/**
 * N = 2^17, r = 8, p = 1: the first scrypt choice of the OWASP Password Storage Cheat Sheet. 128 x 2^17 x 8 = 128 MiB
 * and about 0.4 s of one core: a function that checks passwords needs 512 MB, and guessing needs as much for each try.
 */
const COST: ScryptCost = { ln: 17, r: 8, p: 1 };

/** A stored hash that asks for more than this is not ours: 128 x 2^20 x 8 = 1 GiB would be a way to stop the function. */
const MAX_MEMORY_BYTES = 512 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Longer ones are refused before any work: 1,024 characters are more than any password manager makes. */
const MAX_PASSWORD_LENGTH = 1024;

const STORED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,88})\$([A-Za-z0-9+/]{22,88})$/;

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

function derive(password: string, salt: Buffer, cost: ScryptCost, length: number): Promise<Buffer> {
  const N = 2 ** cost.ln;
  // OpenSSL counts a little more than 128 N r (its buffers for p), hence the second megabyte.
  const options: ScryptOptions = { N, r: cost.r, p: cost.p, maxmem: 128 * N * cost.r + 2 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    // NFC: the same password typed on a Mac and on a PC is the same bytes.
    scrypt(password.normalize('NFC'), salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** `$scrypt$ln=17,r=8,p=1$<salt>$<hash>` (PHC string format, base64 without padding) with a salt of its own. */
export async function hashPassword(password: string): Promise<string> {
  if (password === '' || password.length > MAX_PASSWORD_LENGTH) throw new Error('a password has 1 to 1,024 characters');
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST, HASH_BYTES);
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${base64(salt)}$${base64(hash)}`;
}

interface StoredHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** What nobody's password hashes to: checked when there is nothing to check, so that the time is the same. */
const DUMMY: StoredHash = { cost: COST, salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };

function parseStored(stored: string): StoredHash | null {
  const match = STORED.exec(stored);
  if (!match) return null;
  const [, ln, r, p, salt = '', hash = ''] = match;
  const cost: ScryptCost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const usable = cost.ln >= 1 && cost.r >= 1 && cost.p >= 1 && 128 * 2 ** cost.ln * cost.r <= MAX_MEMORY_BYTES;
  return usable ? { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') } : null;
}

/**
 * Whether the password is the stored one. The comparison takes the same time wherever the hashes differ; `null`, and a
 * stored text that is not a hash of ours, take as long as a real check and are false. Never throws on what a client sent.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parsed = stored === null ? null : parseStored(stored);
  const target = parsed ?? DUMMY;
  const tooLong = password.length > MAX_PASSWORD_LENGTH;
  const key = await derive(tooLong ? '' : password, target.salt, target.cost, target.hash.length);
  const equal = timingSafeEqual(key, target.hash);
  return equal && parsed !== null && !tooLong && password !== '';
}

/** No 0 O 1 I l: a person reads it from the screen into ClassLink's form. 24 + 25 + 8 = 57 characters. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** 24 characters of 57: log2(57) x 24 = 139 bits. */
const PASSWORD_LENGTH = 24;

/** A new random password: 24 letters and digits that cannot be mistaken for one another. */
export const makePassword = (): string =>
  Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** The port, on scrypt. */
export const scryptPasswords: Passwords = { hash: hashPassword, verify: verifyPassword, make: makePassword };

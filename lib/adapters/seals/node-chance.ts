import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Chance } from '../../ports/sso/seals.ts';

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Node's generator and hashes. */
export const nodeChance: Chance = {
  bytes: (count) => randomBytes(count),
  token: (byteCount) => randomBytes(byteCount).toString('base64url'),
  hash: (text) => sha256(text).toString('base64url'),
  // Hashes have one length, whatever was sent.
  equal: (one, other) => timingSafeEqual(sha256(one), sha256(other)),
};

import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  type LocalJWKSet,
} from 'jose';
import type { Clock } from '../../ports/clock.ts';
import { fetchJson } from './bounded-fetch.ts';

/** ClassLink's keys could not be had, and none are known from before. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  readonly code = 'ERR_KEYS_UNAVAILABLE';
}

/** Keys are asked for again after so long; a key that ClassLink withdrew is trusted no longer than this. Milliseconds. */
const FRESH_MILLIS = 10 * 60_000;
/** Where ClassLink cannot be asked, known keys go on working for so long: one bad hour locks nobody out. Milliseconds. */
const STALE_MILLIS = 24 * 3_600_000;
/** An unknown `kid` asks again, but strangers' tokens do so at most this often. Milliseconds. */
const COOLDOWN_MILLIS = 30_000;

/**
 * ClassLink's JSON Web Key Set, kept across invocations. Asked once more for an unknown `kid` (a rotation), with a
 * cooldown. An empty set is no answer: it does not replace known keys.
 */
export function createKeySet(url: string, clock: Clock): JWTVerifyGetKey {
  let kept: { readonly set: LocalJWKSet; readonly at: number } | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let unknownAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  const now = () => clock.now().getTime();
  const ask = (): Promise<void> => {
    asking ??= load(url)
      .then((set) => {
        if (set) kept = { set, at: now() };
      })
      .finally(() => {
        asking = null;
      });
    askedAt = now();
    return asking;
  };
  return async (header, token) => {
    if (!kept || (now() - kept.at > FRESH_MILLIS && now() - askedAt > COOLDOWN_MILLIS)) await ask();
    if (!kept || now() - kept.at > STALE_MILLIS) throw new KeysUnavailable('ClassLink shows no keys');
    const known = await unlessUnknown(kept.set, header, token);
    if (known) return known;
    // Two launches that meet a new key at once ask once, and both wait for the answer.
    if (asking) {
      await asking;
      const fresh = await unlessUnknown(kept.set, header, token);
      if (fresh) return fresh;
    }
    if (now() - unknownAt >= COOLDOWN_MILLIS) {
      unknownAt = now();
      await ask();
    }
    return kept.set(header, token);
  };
}

type KeyRequest = Parameters<LocalJWKSet>;

/** The key; null where the set has none of that name. */
async function unlessUnknown(set: LocalJWKSet, ...[header, token]: KeyRequest): Promise<CryptoKey | null> {
  try {
    return await set(header, token);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return null;
    throw error;
  }
}

async function load(url: string): Promise<LocalJWKSet | null> {
  const answer = await fetchJson(url, { method: 'GET' });
  if (!answer.ok || answer.status !== 200) return null;
  try {
    const set = createLocalJWKSet(answer.json as JSONWebKeySet);
    return set.jwks().keys.length > 0 ? set : null;
  } catch {
    return null;
  }
}

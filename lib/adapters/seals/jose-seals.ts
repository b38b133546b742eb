import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { isLaunchId } from '../../core/sso/launch.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Seals } from '../../ports/sso/seals.ts';
import type { Secrets } from '../../ports/sso/secrets.ts';

/** A cookie has less than 4,096 bytes; nothing longer was sealed by us. */
const MAX_SEALED = 4000;
const MAX_STATE = 128;

/** One cookie key, and what is derived from it for each use (HKDF, RFC 5869): one key never does two jobs. */
interface DerivedKey {
  readonly kid: string;
  readonly sealKey: Uint8Array;
  readonly stateKey: Uint8Array;
}

const derive = (key: string, use: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', Buffer.from(key, 'base64url'), new Uint8Array(), `rollcall ${use}`, 32));

/** Seals on jose (JWE `dir` with A256GCM) and HMAC-SHA-256, with the cookie keys of the secret; the first one writes. */
export function createSeals(secrets: Secrets, clock: Clock): Seals {
  const derived = new Map<string, DerivedKey>();
  const keys = async (): Promise<readonly DerivedKey[]> => {
    const { cookieKeys } = await secrets.read();
    return cookieKeys.map(({ kid, key }) => {
      const known = derived.get(`${kid} ${key}`);
      if (known) return known;
      const made = { kid, sealKey: derive(key, 'seal'), stateKey: derive(key, 'state') };
      derived.set(`${kid} ${key}`, made);
      return made;
    });
  };
  const writingKey = async (): Promise<DerivedKey> => {
    const [first] = await keys();
    if (!first) throw new Error('the secret has no cookie key');
    return first;
  };
  const nowSeconds = () => Math.floor(clock.now().getTime() / 1000);
  return {
    async signState(launchId) {
      return `${launchId}.${signatureOf(await writingKey(), launchId)}`;
    },
    async launchOf(state) {
      const [launchId = '', signature = '', ...rest] = state.length > MAX_STATE ? [] : state.split('.');
      if (rest.length > 0 || !isLaunchId(launchId)) return null;
      const ours = (await keys()).some((key) => isEqual(signatureOf(key, launchId), signature));
      return ours ? launchId : null;
    },
    async seal(purpose, value, seconds) {
      const { kid, sealKey } = await writingKey();
      const text = JSON.stringify({ purpose, until: nowSeconds() + seconds, value });
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
        .encrypt(sealKey);
    },
    async open(purpose, sealed) {
      if (sealed === '' || sealed.length > MAX_SEALED) return null;
      const text = await decrypt(sealed, await keys());
      if (text === null) return null;
      const opened = JSON.parse(text) as { purpose: string; until: number; value: unknown };
      return opened.purpose === purpose && nowSeconds() < opened.until ? opened.value : null;
    },
  };
}

const signatureOf = ({ stateKey }: DerivedKey, launchId: string): string =>
  createHmac('sha256', stateKey).update(launchId).digest('base64url');

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The text, or null for anything that no key of ours sealed whole. */
async function decrypt(sealed: string, keys: readonly DerivedKey[]): Promise<string | null> {
  try {
    const { plaintext } = await compactDecrypt(
      sealed,
      ({ kid }) => {
        const key = keys.find((each) => each.kid === kid);
        if (!key) throw new Error('no such key');
        return key.sealKey;
      },
      { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
    );
    return new TextDecoder().decode(plaintext);
  } catch {
    return null;
  }
}

import { codeKey, handOffKey, refreshKey } from '../../contracts/sign-on-keys.ts';
import { HAND_OFF_SECONDS } from '../../core/sso/launch.ts';
import { CODE_MEMORY_SECONDS } from '../../core/sso/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Grants, OneTimeCode } from '../../ports/sso/sign-on-store.ts';
import { attributesOf, markUsed, numberOf, textOf, timeToLive, writeRow } from './sign-on-row.ts';
import type { Item, TableClient } from './table-client.ts';

/** Hand-offs, one-time codes and refresh tokens in DynamoDB, each under the hash of its secret. */
export function createGrants(table: TableClient, clock: Clock): Grants {
  const now = () => clock.now().getTime() / 1000;
  return {
    async saveHandOff(hash, { sessionId, clientId }) {
      const expiresAt = Math.floor(now()) + HAND_OFF_SECONDS;
      const row = { ...attributesOf({ sessionId, clientId, expiresAt }), ...timeToLive(expiresAt) };
      await writeRow(table, handOffKey(hash), row);
    },
    async takeHandOff(hash, clientId, attempt) {
      const stored = await table.get(handOffKey(hash));
      if (!stored || textOf(stored, 'clientId') !== clientId || numberOf(stored, 'expiresAt') <= now()) return null;
      const taken = await markUsed(table, handOffKey(hash), attempt, { fresh: false });
      return taken && textOf(taken, 'sessionId');
    },
    async saveCode(hash, code) {
      const row = { ...attributesOf({ ...code }), ...timeToLive(code.expiresAt + CODE_MEMORY_SECONDS) };
      await writeRow(table, codeKey(hash), row);
    },
    async takeCode(hash, attempt) {
      const taken = await markUsed(table, codeKey(hash), attempt, { fresh: false });
      if (taken) return { code: codeOf(taken) };
      const stored = await table.get(codeKey(hash));
      return stored && { reused: { sessionId: textOf(stored, 'sessionId') } };
    },
    async saveRefresh(hash, { sessionId, clientId, expiresAt }) {
      const row = { ...attributesOf({ sessionId, clientId, expiresAt }), ...timeToLive(expiresAt) };
      await writeRow(table, refreshKey(hash), row);
    },
    async findRefresh(hash) {
      const stored = await table.get(refreshKey(hash));
      if (!stored || numberOf(stored, 'expiresAt') <= now()) return null;
      return { sessionId: textOf(stored, 'sessionId'), clientId: textOf(stored, 'clientId') };
    },
  };
}

const codeOf = (item: Item): OneTimeCode => ({
  sessionId: textOf(item, 'sessionId'),
  clientId: textOf(item, 'clientId'),
  redirectUri: textOf(item, 'redirectUri'),
  challenge: textOf(item, 'challenge'),
  nonce: item['nonce']?.S ?? null,
  expiresAt: numberOf(item, 'expiresAt'),
});

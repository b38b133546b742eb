import { browserKey } from '../../contracts/sign-on-keys.ts';
import type { Browsers } from '../../ports/sso/sign-on-store.ts';
import { timeToLive } from './sign-on-row.ts';
import type { Condition, Item, TableClient } from './table-client.ts';

/** No session lives longer (design §5): a short one added now must not take the row from under a long one of before. */
const LONGEST_SECONDS = 12 * 3600;

const ANY = 'attribute_exists(pk) OR attribute_not_exists(pk)';

/** A browser's sessions in DynamoDB: one row with a set of session ids, gone some hours after the last of them would be. */
export function createBrowsers(table: TableClient): Browsers {
  return {
    async add(hash, { sessionId, expiresAt }) {
      const change: Condition = {
        expression: 'SET #ttl = :ttl ADD #sessions :sessions',
        names: { '#ttl': 'ttl', '#sessions': 'sessions' },
        values: {
          ':ttl': timeToLive(expiresAt + LONGEST_SECONDS)['ttl'] ?? { NULL: true },
          ':sessions': { SS: [sessionId] },
        },
      };
      return sessionsOf(await table.update(browserKey(hash), change, ANY));
    },
    sessions: async (hash) => sessionsOf(await table.get(browserKey(hash))),
    async forget(hash, sessionIds) {
      const change: Condition = {
        expression: 'DELETE #sessions :ended',
        names: { '#sessions': 'sessions' },
        values: { ':ended': { SS: [...sessionIds] } },
      };
      await table.update(browserKey(hash), change, 'attribute_exists(pk)');
    },
  };
}

const sessionsOf = (item: Item | null): readonly string[] => item?.['sessions']?.SS ?? [];

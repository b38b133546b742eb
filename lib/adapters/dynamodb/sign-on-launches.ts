import { launchKey } from '../../contracts/sign-on-keys.ts';
import type { DenialCode } from '../../core/sso/denials.ts';
import { startOfLaunch, USED_LAUNCH_SECONDS, type UsedLaunch } from '../../core/sso/launch.ts';
import type { Launches } from '../../ports/sso/sign-on-store.ts';
import { attributesOf, markUsed, setting, timeToLive } from './sign-on-row.ts';
import type { Item, TableClient } from './table-client.ts';

/** Used states in DynamoDB. There is no row before the callback; the conditional write that makes it lets one through. */
export function createLaunches(table: TableClient): Launches {
  return {
    async use(launchId, attempt) {
      const attributes = timeToLive(startOfLaunch(launchId) + USED_LAUNCH_SECONDS);
      const made = await markUsed(table, launchKey(launchId), attempt, { fresh: true, attributes });
      if (made) return { first: true };
      const stored = await table.get(launchKey(launchId));
      return { first: false, used: usedOf(launchId, stored ?? {}) };
    },
    async find(launchId) {
      const stored = await table.get(launchKey(launchId));
      return stored && usedOf(launchId, stored);
    },
    async settle({ launchId, sessionId, denial }) {
      const outcome = attributesOf({
        sessionId,
        denialCode: denial?.code ?? null,
        denialReference: denial?.reference ?? null,
      });
      await table.update(launchKey(launchId), setting(outcome), 'attribute_exists(pk)');
    },
  };
}

function usedOf(launchId: string, item: Item): UsedLaunch {
  const reference = item['denialReference']?.S;
  const code = item['denialCode']?.S as DenialCode | undefined;
  return {
    launchId,
    sessionId: item['sessionId']?.S ?? null,
    denial: reference !== undefined && code !== undefined ? { code, reference } : null,
  };
}

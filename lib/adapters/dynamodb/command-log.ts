import { ROSTER_TABLE } from '../../contracts/table-definition.ts';
import { commandsPartition, type Key } from '../../contracts/table-keys.ts';
import type { CommandResult } from '../../core/sync/command.ts';
import type { CommandLog } from '../../ports/command-log.ts';
import { hasNotLeft } from './departures.ts';
import { bodyAttribute, bodyOf } from './stored-body.ts';
import { type Condition, keyItem, type TableClient } from './table-client.ts';

/** How long a result is kept, seconds: longer than a message may be on its way. */
const KEPT_SECONDS = 30 * 86_400;

const keyOf = (districtId: string, commandId: string): Key => ({ pk: commandsPartition(districtId), sk: commandId });

/** Results of commands in DynamoDB. Failure: `ServiceBusy`. */
export function createCommandLog(table: TableClient): CommandLog {
  return {
    async get(districtId, commandId) {
      const item = await table.get(keyOf(districtId, commandId));
      return item && bodyOf<CommandResult>(item);
    },
    async put(result) {
      const expires = Math.floor(Date.parse(result.at) / 1000) + KEPT_SECONDS;
      const put = {
        ...keyItem(keyOf(result.districtId, result.commandId)),
        ...bodyAttribute(result),
        outcome: { S: result.outcome },
        [ROSTER_TABLE.timeToLiveAttribute]: { N: String(expires) },
      };
      const condition: Condition =
        result.outcome === 'done'
          ? {
              expression: 'attribute_not_exists(pk) OR #outcome = :refused',
              names: { '#outcome': 'outcome' },
              values: { ':refused': { S: 'refused' } },
            }
          : { expression: 'attribute_not_exists(pk)' };
      // Not met: it has a result already, or the district has left and keeps nothing any more (R22).
      await table.transact([{ put, condition }, hasNotLeft(result.districtId)]);
    },
  };
}

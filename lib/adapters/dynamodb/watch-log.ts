import { districtPartition, type Key, WATCH_SORT } from '../../contracts/table-keys.ts';
import { NEW_WATCH_MEMORY, type WatchLog, type WatchMemory } from '../../ports/watch-log.ts';
import { hasNotLeft } from './departures.ts';
import { bodyAttribute, bodyOf } from './stored-body.ts';
import { type Condition, keyItem, type TableClient } from './table-client.ts';

const watchKey = (districtId: string): Key => ({ pk: districtPartition(districtId), sk: WATCH_SORT });

const isAt = (version: number): Condition =>
  version === 0
    ? { expression: 'attribute_not_exists(pk)' }
    : {
        expression: '#version = :version',
        names: { '#version': 'version' },
        values: { ':version': { N: String(version) } },
      };

/** The memory of `watch` in DynamoDB: `version` and `writer` beside the body. Failure: `ServiceBusy`. */
export function createWatchLog(table: TableClient): WatchLog {
  return {
    async read(districtId) {
      const item = await table.get(watchKey(districtId));
      if (!item) return { memory: NEW_WATCH_MEMORY, version: 0 };
      // Rows that were written before something was remembered know nothing of it.
      return { memory: { ...NEW_WATCH_MEMORY, ...bodyOf<WatchMemory>(item) }, version: Number(item['version']?.N) };
    },
    async write(districtId, memory, expectedVersion, writer) {
      const key = watchKey(districtId);
      const version = String(expectedVersion + 1);
      const put = { ...keyItem(key), version: { N: version }, writer: { S: writer }, ...bodyAttribute(memory) };
      const { done } = await table.transact([{ put, condition: isAt(expectedVersion) }, hasNotLeft(districtId)]);
      if (done) return 'written';
      const stored = await table.get(key);
      return stored?.['version']?.N === version && stored['writer']?.S === writer ? 'written' : 'conflict';
    },
  };
}

import {
  BUCKET_COUNT,
  manualPartition,
  syncedKey,
  syncedPartition,
  userIndex,
  usernameIndex,
} from '../../contracts/table-keys.ts';
import type { FoundEnrollment, FoundManualUser, FoundUser, NamedRecord } from '../../core/explain/user-facts.ts';
import type { RosterLookup } from '../../ports/roster-lookup.ts';
import { readPartitions } from './read-partitions.ts';
import { SOURCE_SIS } from './record-item.ts';
import type { Item, TableClient } from './table-client.ts';

/** DynamoDB takes sort keys up to 1,024 bytes and partition keys up to 2,048; what is longer names no record. */
const MAX_SORT_KEY_BYTES = 1024;
const MAX_PARTITION_KEY_BYTES = 2048;

/** The column that people call an org or a class by. */
const NAME_OF = { org: 'name', class: 'title' } as const;

/** Single look-ups in the state table (docs/data-model.md, access patterns). */
export function createRosterLookup(table: TableClient): RosterLookup {
  const bySourcedId = async (districtId: string, sourcedId: string): Promise<FoundUser | null> => {
    if (!isKey(sourcedId)) return null;
    const item = await table.get(syncedKey(districtId, 'user', sourcedId));
    return item && userOf(item);
  };
  return {
    bySourcedId,
    async byUsername(districtId, username) {
      const partition = usernameIndex(districtId, username);
      if (username === '' || Buffer.byteLength(partition) > MAX_PARTITION_KEY_BYTES) return [];
      const indexed = await table.all({ index: 'gsi1', partition });
      const found = indexed.flatMap((item) => userOf(item) ?? []);
      const current = await Promise.all(found.map(({ sourcedId }) => bySourcedId(districtId, sourcedId)));
      return current.flatMap((user) => (user?.username === username ? [user] : []));
    },
    async *allUsers(districtId) {
      const queries = Array.from({ length: BUCKET_COUNT }, (_, bucket) => ({
        partition: syncedPartition(districtId, 'user', bucket),
      }));
      for await (const items of readPartitions(table, queries)) yield items.flatMap((item) => userOf(item) ?? []);
    },
    async manualUsers(districtId) {
      return (await table.all({ partition: manualPartition(districtId, 'user') })).map(manualOf);
    },
    async enrollmentsOf(districtId, userSourcedId) {
      const partition = userIndex(districtId, userSourcedId);
      if (Buffer.byteLength(partition) > MAX_PARTITION_KEY_BYTES) return [];
      return (await table.all({ index: 'gsi1', partition })).flatMap((item) => enrollmentOf(item) ?? []);
    },
    async namesOf(districtId, kind, sourcedIds) {
      const keys = [...new Set(sourcedIds)].filter(isKey).map((id) => syncedKey(districtId, kind, id));
      const items = await table.getMany(keys, ['sk', 'source', 'status', NAME_OF[kind]]);
      const found = new Map(items.map((item) => [text(item, 'sk'), item]));
      return sourcedIds.map((id) => namedOf(id, found.get(id), NAME_OF[kind]));
    },
  };
}

const isKey = (sourcedId: string): boolean => sourcedId !== '' && Buffer.byteLength(sourcedId) <= MAX_SORT_KEY_BYTES;

const text = (item: Item, name: string): string => item[name]?.S ?? '';
const textOrNull = (item: Item, name: string): string | null => text(item, name) || null;
const statusOf = (item: Item) => (text(item, 'status') === 'inactive' ? ('inactive' as const) : ('active' as const));

function userOf(item: Item): FoundUser | null {
  if (text(item, 'source') !== SOURCE_SIS) return null;
  return {
    sourcedId: text(item, 'sk'),
    productId: text(item, 'productId'),
    status: statusOf(item),
    role: text(item, 'role'),
    username: text(item, 'username'),
    email: text(item, 'email'),
    givenName: text(item, 'givenName'),
    familyName: text(item, 'familyName'),
    enabled: item['enabledUser']?.BOOL !== false,
    orgSourcedIds: (item['orgSourcedIds']?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S])),
    syncId: textOrNull(item, 'syncId'),
    inactiveSince: textOrNull(item, 'inactiveSince'),
    editedAt: textOrNull(item, 'editedAt'),
    movedTo: textOrNull(item, 'movedTo'),
  };
}

const manualOf = (item: Item): FoundManualUser => ({
  productId: text(item, 'sk'),
  role: text(item, 'role'),
  username: text(item, 'username'),
  email: text(item, 'email'),
  createdAt: text(item, 'createdAt'),
});

function enrollmentOf(item: Item): FoundEnrollment | null {
  if (text(item, 'source') !== SOURCE_SIS || statusOf(item) !== 'active') return null;
  return {
    sourcedId: text(item, 'sk'),
    classSourcedId: text(item, 'classSourcedId'),
    role: text(item, 'role'),
    primary: item['primary']?.BOOL === true,
    beginDate: text(item, 'beginDate'),
    endDate: text(item, 'endDate'),
  };
}

function namedOf(sourcedId: string, item: Item | undefined, column: string): NamedRecord {
  if (item === undefined || text(item, 'source') !== SOURCE_SIS) return { sourcedId, name: null, status: null };
  return { sourcedId, name: text(item, column), status: statusOf(item) };
}

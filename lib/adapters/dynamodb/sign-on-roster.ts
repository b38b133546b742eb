import { syncedKey, usernameIndex } from '../../contracts/table-keys.ts';
import type { RosterUser } from '../../core/sso/decide-sign-on.ts';
import type { SignOnRoster } from '../../ports/sso/sign-on-roster.ts';
import { SOURCE_SIS } from './record-item.ts';
import type { Item, TableClient } from './table-client.ts';

/** DynamoDB takes sort keys up to 1,024 bytes; what is longer names no record. */
const MAX_SORT_KEY_BYTES = 1024;

/** No district has so many rows of one username. */
const MAX_NAMESAKES = 100;

/** Synced users in DynamoDB, as the sign-on reads them. Manual records are never matched (R20). */
export function createSignOnRoster(table: TableClient): SignOnRoster {
  const bySourcedId = async (districtId: string, sourcedId: string): Promise<RosterUser | null> => {
    if (sourcedId === '' || Buffer.byteLength(sourcedId) > MAX_SORT_KEY_BYTES) return null;
    const item = await table.get(syncedKey(districtId, 'user', sourcedId));
    return item && userOf(item);
  };
  return {
    bySourcedId,
    async byUsername(districtId, username) {
      if (username === '') return [];
      const partition = usernameIndex(districtId, username);
      const found = await table.all({ index: 'gsi1', partition, limit: MAX_NAMESAKES });
      const users = found.flatMap((item) => userOf(item) ?? []);
      const current = await Promise.all(users.map(({ sourcedId }) => bySourcedId(districtId, sourcedId)));
      return current.filter((user) => user?.username === username).flatMap((user) => user ?? []);
    },
  };
}

function userOf(item: Item): RosterUser | null {
  const text = (name: string): string => item[name]?.S ?? '';
  if (text('source') !== SOURCE_SIS || text('sourcedId') === '' || text('productId') === '') return null;
  return {
    sourcedId: text('sourcedId'),
    productId: text('productId'),
    status: text('status') === 'active' ? 'active' : 'inactive',
    // Blank counts as true, as in OneRoster; anything that is not a boolean does not open a door.
    enabled: item['enabledUser'] === undefined || item['enabledUser'].BOOL === true,
    role: text('role'),
    username: text('username'),
    identifier: text('identifier'),
    givenName: text('givenName'),
    familyName: text('familyName'),
    schools: (item['orgSourcedIds']?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S])),
    movedTo: text('movedTo') || null,
  };
}

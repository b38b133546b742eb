import type { RosterUser } from '../../core/sso/decide-sign-on.ts';
import type { SignOnRoster } from '../../ports/sso/sign-on-roster.ts';
import type { MemoryRecord, MemoryStore } from './memory-store.ts';

/** Synced users as the sign-on reads them, over plain maps. Manual records are never matched (R20). */
export function memorySignOnRoster(store: MemoryStore): SignOnRoster {
  return {
    async bySourcedId(districtId, sourcedId) {
      const record = store.synced(districtId, 'user').get(sourcedId);
      return record === undefined ? null : userOf(sourcedId, record);
    },
    async byUsername(districtId, username) {
      if (username === '') return [];
      const users = [...store.synced(districtId, 'user')].flatMap(([id, record]) => userOf(id, record) ?? []);
      return users.filter((user) => user.username === username);
    },
  };
}

function userOf(sourcedId: string, record: MemoryRecord): RosterUser | null {
  const { source, status, productId, fields, movedTo } = record;
  if (source !== 'sis' || sourcedId === '' || productId === '') return null;
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  const orgs: readonly unknown[] = Array.isArray(fields['orgSourcedIds']) ? fields['orgSourcedIds'] : [];
  return {
    sourcedId,
    productId,
    status: status === 'active' ? 'active' : 'inactive',
    // Blank counts as true, as in OneRoster; anything that is not a boolean does not open a door.
    enabled: fields['enabledUser'] === undefined || fields['enabledUser'] === true,
    role: text('role'),
    username: text('username'),
    identifier: text('identifier'),
    givenName: text('givenName'),
    familyName: text('familyName'),
    schools: orgs.flatMap((org) => (typeof org === 'string' ? [org] : [])),
    movedTo,
  };
}

import type { FoundEnrollment, FoundUser } from '../../core/explain/user-facts.ts';
import type { RosterLookup } from '../../ports/roster-lookup.ts';
import type { MemoryRecord, MemoryStore } from './memory-store.ts';

/** Users in a batch of a read: several batches even in small tests. */
const BATCH = 100;

/** The column that people call an org or a class by. */
const NAME_OF = { org: 'name', class: 'title' } as const;

/** Single look-ups over plain maps. */
export function memoryRosterLookup(store: MemoryStore): RosterLookup {
  const users = (districtId: string): readonly FoundUser[] =>
    [...store.synced(districtId, 'user')].flatMap(([id, record]) => userOf(id, record) ?? []);
  return {
    async bySourcedId(districtId, sourcedId) {
      const record = store.synced(districtId, 'user').get(sourcedId);
      return record === undefined ? null : userOf(sourcedId, record);
    },
    async byUsername(districtId, username) {
      return username === '' ? [] : users(districtId).filter((user) => user.username === username);
    },
    async *allUsers(districtId) {
      const all = users(districtId);
      for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
    },
    async manualUsers(districtId) {
      return [...store.manual(districtId, 'user')].map(([productId, { fields, editedAt }]) => ({
        productId,
        role: text(fields['role']),
        username: text(fields['username']),
        email: text(fields['email']),
        createdAt: editedAt ?? '',
      }));
    },
    async enrollmentsOf(districtId, userSourcedId) {
      return [...store.synced(districtId, 'enrollment')]
        .filter(([, { status, fields }]) => status === 'active' && fields['userSourcedId'] === userSourcedId)
        .map(([id, { fields }]) => enrollmentOf(id, fields))
        .sort((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1));
    },
    async namesOf(districtId, kind, sourcedIds) {
      return sourcedIds.map((sourcedId) => {
        const record = store.synced(districtId, kind).get(sourcedId);
        if (record?.source !== 'sis') return { sourcedId, name: null, status: null };
        return { sourcedId, name: text(record.fields[NAME_OF[kind]]), status: statusOf(record) };
      });
    },
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const statusOf = ({ status }: MemoryRecord) => (status === 'inactive' ? ('inactive' as const) : ('active' as const));

function userOf(sourcedId: string, record: MemoryRecord): FoundUser | null {
  const { fields, productId, syncId, inactiveSince, editedAt, movedTo } = record;
  if (record.source !== 'sis') return null;
  const orgs: readonly unknown[] = Array.isArray(fields['orgSourcedIds']) ? fields['orgSourcedIds'] : [];
  return {
    sourcedId,
    productId,
    status: statusOf(record),
    role: text(fields['role']),
    username: text(fields['username']),
    email: text(fields['email']),
    givenName: text(fields['givenName']),
    familyName: text(fields['familyName']),
    enabled: fields['enabledUser'] !== false,
    orgSourcedIds: orgs.flatMap((org) => (typeof org === 'string' ? [org] : [])),
    ...{ syncId, inactiveSince, editedAt, movedTo },
  };
}

const enrollmentOf = (sourcedId: string, fields: MemoryRecord['fields']): FoundEnrollment => ({
  sourcedId,
  classSourcedId: text(fields['classSourcedId']),
  role: text(fields['role']),
  primary: fields['primary'] === true,
  beginDate: text(fields['beginDate']),
  endDate: text(fields['endDate']),
});

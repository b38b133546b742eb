import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { createDistricts } from '../../adapters/dynamodb/districts.ts';
import type { Item, TableClient } from '../../adapters/dynamodb/table-client.ts';
import { BUCKET_COUNT, syncedKey, syncedPartition, usernameIndex } from '../../contracts/table-keys.ts';
import type { People, Person, Tenant } from './person.ts';

/** How many items are looked at from either end to find a few people of each role: ids often say the role. */
const LOOKED_AT = 40;

/** The people of the local table, as ClassLink would have them from the same SIS. Inactive ones too: its cache is slow. */
export function createRosterPeople(table: TableClient): People {
  const tenants = async (): Promise<readonly Tenant[]> =>
    (await createDistricts(table).list()).flatMap(({ settings: { classLinkTenantId, name, districtId } }) =>
      classLinkTenantId === null ? [] : [{ tenantId: classLinkTenantId, name, districtId }],
    );
  const tenantOf = async (tenantId: number): Promise<Tenant> =>
    (await tenants()).find((tenant) => tenant.tenantId === tenantId) ?? {
      tenantId,
      name: `Tenant ${tenantId}`,
      districtId: '',
    };
  return {
    tenants,
    async find(tenantId, user) {
      const tenant = await tenantOf(tenantId);
      const { districtId } = tenant;
      const item = districtId === '' ? null : await findUser(table, districtId, user);
      if (item === null) return strangerOf(tenant, user);
      // Whoever signs in by the sourcedId of before is the person of today.
      const movedTo = text(item, 'status') === 'inactive' ? text(item, 'movedTo') : '';
      const today = movedTo === '' ? null : await table.get(syncedKey(districtId, 'user', movedTo));
      if (today !== null) return personOf(tenant, today, text(item, 'sk'));
      return personOf(tenant, item, await earlierId(table, districtId, item));
    },
    async some(tenantId) {
      const tenant = await tenantOf(tenantId);
      if (tenant.districtId === '') return [];
      const items = await table.all({ partition: syncedPartition(tenant.districtId, 'user', 0), limit: LOOKED_AT });
      const people = items
        .filter((item) => text(item, 'status') === 'active')
        .map((item) => personOf(tenant, item, ''));
      const ofRole = (role: string, most: number) => people.filter((person) => person.role === role).slice(0, most);
      return [...ofRole('student', 4), ...ofRole('teacher', 2)];
    },
  };
}

/** By sourcedId, else by username; of several rows with one username the active one. */
async function findUser(table: TableClient, districtId: string, user: string): Promise<Item | null> {
  if (user === '') return null;
  const item = await table.get(syncedKey(districtId, 'user', user));
  if (item !== null) return item;
  const named = await withUsername(table, districtId, user);
  return named.find((each) => text(each, 'status') === 'active') ?? named[0] ?? null;
}

const withUsername = (table: TableClient, districtId: string, username: string): Promise<Item[]> =>
  table.all({ partition: usernameIndex(districtId, username), index: 'gsi1' });

/**
 * What this person was called before: an inactive row that moved here, whatever its username is, else an inactive one
 * with the same username. Reads all users where the username finds none that moved: for districts of this machine.
 */
async function earlierId(table: TableClient, districtId: string, item: Item): Promise<string> {
  const [sourcedId, username] = [text(item, 'sk'), text(item, 'username')];
  const others = username === '' ? [] : await withUsername(table, districtId, username);
  const earlier = others.filter((other) => text(other, 'status') === 'inactive' && text(other, 'sk') !== sourcedId);
  const isMoved = (other: Item) => text(other, 'movedTo') === sourcedId;
  const moved = earlier.find(isMoved) ?? (await allUsers(table, districtId)).find(isMoved);
  return text(moved ?? earlier[0], 'sk');
}

async function allUsers(table: TableClient, districtId: string): Promise<readonly Item[]> {
  const partitions = Array.from({ length: BUCKET_COUNT }, (_, bucket) => syncedPartition(districtId, 'user', bucket));
  return (await Promise.all(partitions.map((partition) => table.all({ partition })))).flat();
}

function personOf(tenant: Tenant, item: Item, oldSourcedId: string): Person {
  const sourcedId = text(item, 'sk');
  return {
    tenantId: tenant.tenantId,
    tenantName: tenant.name,
    sourcedId,
    oldSourcedId: oldSourcedId === '' ? `old-${sourcedId}` : oldSourcedId,
    loginId: text(item, 'username'),
    givenName: text(item, 'givenName'),
    familyName: text(item, 'familyName'),
    email: text(item, 'email'),
    role: text(item, 'role'),
    orgSourcedIds: (item['orgSourcedIds']?.L ?? []).map((org: AttributeValue) => org.S ?? ''),
  };
}

/** Somebody with a LaunchPad account whom the district does not share in the roster. */
const strangerOf = (tenant: Tenant, user: string): Person => ({
  tenantId: tenant.tenantId,
  tenantName: tenant.name,
  sourcedId: user,
  oldSourcedId: `old-${user}`,
  loginId: user,
  givenName: 'Unrostered',
  familyName: user,
  email: '',
  role: 'student',
  orgSourcedIds: [],
});

const text = (item: Item | undefined, attribute: string): string => item?.[attribute]?.S ?? '';

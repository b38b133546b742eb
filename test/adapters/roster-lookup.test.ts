import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createPortalRoster } from '../../lib/adapters/dynamodb/portal.ts';
import { createRosterLookup } from '../../lib/adapters/dynamodb/roster-lookup.ts';
import { createRosterTable } from '../../lib/adapters/dynamodb/roster-table.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { memoryPortal } from '../../lib/adapters/memory/portal.ts';
import { memoryRosterLookup } from '../../lib/adapters/memory/roster-lookup.ts';
import { memoryRosterTable } from '../../lib/adapters/memory/roster-table.ts';
import type { Change } from '../../lib/core/plan/change.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import type { PortalRoster } from '../../lib/ports/portal.ts';
import type { RosterLookup } from '../../lib/ports/roster-lookup.ts';
import type { RosterTable } from '../../lib/ports/roster-table.ts';
import { active, change, inactive, lineOf, STAMP, userLine } from './conformance/changes.ts';
import { collect, newDistrict } from './conformance/world.ts';
import { openTable, TABLE } from './dynamodb-world.ts';

interface World {
  readonly lookup: RosterLookup;
  readonly roster: RosterTable;
  readonly portal: PortalRoster;
}

let server: DynamoDbServer;
let client: DynamoDBClient;
beforeAll(async () => {
  server = await startDynamoDbServer({ dataDir: null });
  client = await openTable(server.endpoint);
}, 30_000);
afterAll(async () => {
  client.destroy();
  await server.close();
});

function inMemory(): World {
  const store = new MemoryStore();
  return { lookup: memoryRosterLookup(store), roster: memoryRosterTable(store), portal: memoryPortal(store) };
}

function inDynamoDb(): World {
  const table = createTableClient(client, TABLE);
  return {
    lookup: createRosterLookup(table),
    roster: createRosterTable(table),
    portal: createPortalRoster(table),
  };
}

describe.each([
  ['memory', inMemory],
  ['dynamodb', inDynamoDb],
])('%s: looking users up', (_, open) => {
  let world: World;
  let district: string;
  beforeEach(async () => {
    world = open();
    district = newDistrict();
    await world.roster.raiseFences(district, 1);
  });
  const write = (...changes: readonly Change[]) =>
    world.roster.writeChanges(district, { lane: 0, number: 1 }, changes, STAMP);
  const adam = userLine('u1', 's1,s2', { email: 'adam@example.org' });
  const addAdam = change('user', 'p1', null, active(adam));
  const ADAM = {
    ...{ sourcedId: 'u1', productId: 'p1', status: 'active', role: 'student', username: 'name-u1' },
    ...{ email: 'adam@example.org', givenName: 'Maria', familyName: 'Gómez', enabled: true },
    ...{ orgSourcedIds: ['s1', 's2'], syncId: STAMP.syncId, inactiveSince: null, editedAt: null, movedTo: null },
  };

  test('by exactly the sourcedId (R20), in its district (R3)', async () => {
    await write(addAdam);
    expect(await world.lookup.bySourcedId(district, 'u1')).toEqual(ADAM);
    for (const id of ['U1', 'u', '', 'x'.repeat(2000)]) expect(await world.lookup.bySourcedId(district, id)).toBeNull();
    expect(await world.lookup.bySourcedId(newDistrict(), 'u1')).toBeNull();
  });

  test('by exactly the username, inactive ones too, and none that was made by hand', async () => {
    const eve = userLine('u2', 's1', { username: 'name-u1', enabledUser: 'false' });
    await write(addAdam, change('user', 'p2', null, active(eve)));
    await write(change('user', 'p2', active(eve), { ...inactive(eve), movedTo: 'u1' }));
    const manual = { districtId: district, kind: 'user', productId: 'm1', createdAt: STAMP.at } as const;
    await world.portal.create({ ...manual, fields: { username: 'name-u1' } });
    const found = await world.lookup.byUsername(district, 'name-u1');
    expect([...found].sort((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1))).toEqual([
      ADAM,
      {
        ...{ ...ADAM, sourcedId: 'u2', productId: 'p2', email: '', orgSourcedIds: ['s1'], enabled: false },
        ...{ status: 'inactive', inactiveSince: STAMP.at, movedTo: 'u1' },
      },
    ]);
    for (const name of ['NAME-U1', '', 'x'.repeat(3000)])
      expect(await world.lookup.byUsername(district, name)).toEqual([]);
  });

  test('an edit of the Portal is seen, and its username is the one that counts', async () => {
    await write(addAdam);
    const edit = { districtId: district, kind: 'user', sourcedId: 'u1', editedAt: '2026-11-24T00:00:00.000Z' } as const;
    await world.portal.edit({ ...edit, fields: { username: 'other', email: null, enabledUser: false } });
    const now = { ...ADAM, username: 'other', email: '', enabled: false, editedAt: edit.editedAt };
    expect(await world.lookup.bySourcedId(district, 'u1')).toEqual(now);
    expect(await world.lookup.byUsername(district, 'name-u1')).toEqual([]);
    expect(await collect(world.lookup.allUsers(district))).toEqual([now]);
  });

  test('all synced users, and all that were made by hand (R2)', async () => {
    const ids = Array.from({ length: 120 }, (_, at) => `u${at}`);
    for (let at = 0; at < ids.length; at += 30)
      await write(...ids.slice(at, at + 30).map((id) => change('user', `p-${id}`, null, active(userLine(id, 's1')))));
    const manual = { districtId: district, kind: 'user', productId: 'm1', createdAt: STAMP.at } as const;
    const fields = { username: 'guest', email: 'guest@example.org', role: 'teacher' };
    await world.portal.create({ ...manual, fields });
    const all = await collect(world.lookup.allUsers(district));
    expect(all.map(({ sourcedId }) => sourcedId).sort()).toEqual([...ids].sort());
    expect(await world.lookup.manualUsers(district)).toEqual([{ productId: 'm1', ...fields, createdAt: STAMP.at }]);
    expect(await world.lookup.manualUsers(newDistrict())).toEqual([]);
  });

  test('the active enrollments of a user, with the names of classes and schools', async () => {
    const seat = (id: string, user: string, extra = {}) =>
      lineOf('enrollment', id, { classSourcedId: 'c1', userSourcedId: user, role: 'student', ...extra });
    const gone = seat('e3', 'u1');
    await write(
      change('enrollment', 'p2', null, active(seat('e2', 'u1', { primary: 'true', beginDate: '2026-08-20' }))),
      change('enrollment', 'p1', null, active(seat('e1', 'u1'))),
      change('enrollment', 'p3', null, active(gone)),
      change('enrollment', 'p4', null, active(seat('e4', 'u2'))),
      change('class', 'p5', null, active(lineOf('class', 'c1', { title: 'Reading' }))),
      change('org', 'p6', null, active(lineOf('org', 'o1', { name: 'Oak' }))),
      change('org', 'p7', null, inactive(lineOf('org', 'o2', { name: 'Elm' }))),
    );
    await write(change('enrollment', 'p3', active(gone), inactive(gone)));
    const plain = { classSourcedId: 'c1', role: 'student', primary: false, beginDate: '', endDate: '' };
    expect(await world.lookup.enrollmentsOf(district, 'u1')).toEqual([
      { sourcedId: 'e1', ...plain },
      { sourcedId: 'e2', ...plain, primary: true, beginDate: '2026-08-20' },
    ]);
    expect(await world.lookup.enrollmentsOf(district, 'u9')).toEqual([]);
    expect(await world.lookup.namesOf(district, 'class', ['c1'])).toEqual([
      { sourcedId: 'c1', name: 'Reading', status: 'active' },
    ]);
    expect(await world.lookup.namesOf(district, 'org', ['o2', 'none', 'o1', 'o1', ''])).toEqual([
      { sourcedId: 'o2', name: 'Elm', status: 'inactive' },
      { sourcedId: 'none', name: null, status: null },
      { sourcedId: 'o1', name: 'Oak', status: 'active' },
      { sourcedId: 'o1', name: 'Oak', status: 'active' },
      { sourcedId: '', name: null, status: null },
    ]);
  });
});

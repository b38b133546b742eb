import { type AttributeValue, type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { makePurgeHandler } from '../../lambdas/purge/handler.ts';
import { createCommandLog } from '../../lib/adapters/dynamodb/command-log.ts';
import { createDepartures } from '../../lib/adapters/dynamodb/departures.ts';
import { createDistrictRows } from '../../lib/adapters/dynamodb/district-rows.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createExpiredHistory } from '../../lib/adapters/dynamodb/expired-history.ts';
import { createExpiredRecords } from '../../lib/adapters/dynamodb/expired-records.ts';
import { createMailLog } from '../../lib/adapters/dynamodb/mail-log.ts';
import { dynamoSftpAccounts } from '../../lib/adapters/dynamodb/sftp-accounts.ts';
import { createAnchors } from '../../lib/adapters/dynamodb/sign-on-anchors.ts';
import { createDenials } from '../../lib/adapters/dynamodb/sign-on-denials.ts';
import { createGrants } from '../../lib/adapters/dynamodb/sign-on-grants.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { MemoryObjects } from '../../lib/adapters/memory/objects.ts';
import { MemoryQueues } from '../../lib/adapters/memory/queues.ts';
import type { PurgesMessage } from '../../lib/contracts/messages.ts';
import { schoolRowKey } from '../../lib/contracts/table-keys.ts';
import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import { NEW_DISTRICT_STATE } from '../../lib/core/sync/new-district.ts';
import { EMPTY_SYNC } from '../../lib/core/sync/new-sync.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import type { LogFields } from '../../lib/ports/logger.ts';
import { NEW_WATCH_MEMORY } from '../../lib/ports/watch-log.ts';
import { active, change, inactive, lineOf, STAMP, userLine } from '../adapters/conformance/changes.ts';
import { dynamoDbWorld, openTable, TABLE } from '../adapters/dynamodb-world.ts';

const AT = '2026-11-23T18:00:00.000Z';
const FENCE = { lane: 0, number: 1 };
const GONE = 'maple';
/** Its id begins like the other's. */
const STAYS = 'maple-2';

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

type Row = Record<string, AttributeValue>;

async function rows(): Promise<readonly Row[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE, ConsistentRead: true }));
  return Items;
}
const keysOf = (all: readonly Row[]) => all.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`).toSorted();

function open() {
  const world = dynamoDbWorld(client);
  const table = createTableClient(client, TABLE);
  const objects = new MemoryObjects(world.clock);
  const queues = new MemoryQueues(world.clock);
  const log: { readonly message: string; readonly fields: LogFields }[] = [];
  const handler = makePurgeHandler({
    clock: world.clock,
    districts: createDistricts(table),
    leases: world.leases,
    log: world.syncs,
    roster: world.roster,
    departures: createDepartures(table),
    rows: createDistrictRows(table),
    expired: createExpiredRecords(table),
    ledger: world.ledger,
    history: createExpiredHistory(table),
    landingVersions: objects.landingVersions,
    archiveVersions: objects.archiveVersions,
    purges: queues,
    leaseSeconds: 120,
    ownRoleId: OWN_ROLE,
    recordDays: 400,
    historyDays: 400,
    shelfLives: { messageDays: 14, backupDays: 35, logDays: 30 },
    logger: {
      info: (message, fields = {}) => void log.push({ message, fields }),
      error: (message, thrown, fields = {}) =>
        void log.push({ message, fields: { ...fields, detail: String(thrown) } }),
    },
  });
  let requests = 0;
  const context = () => ({ awsRequestId: `request-${++requests}`, getRemainingTimeInMillis: () => 900_000 });
  return {
    ...{ world, table, objects, queues, log },
    send: (...messages: readonly PurgesMessage[]) =>
      handler(
        {
          Records: messages.map((message, at) => {
            const attributes = { SenderId: 'AROA-ADMIN:maria@rollcall.example' };
            return { messageId: String(at), body: JSON.stringify(message), attributes };
          }),
        },
        context(),
      ),
    night: () => handler({ 'detail-type': 'Scheduled Event' }, context()),
  };
}

/** A row of every sort that there is. */
async function fill({ world, table }: ReturnType<typeof open>, districtId: string, tenant: number): Promise<void> {
  const write = (kind: 'org' | 'user' | 'enrollment', id: string, line: string, gone = false) => {
    const image = gone ? inactive(line) : active(line);
    const changes = [change(kind, `p-${id}`, null, image)];
    return world.roster.writeChanges(districtId, FENCE, changes, gone ? { ...STAMP, at: OLD } : STAMP);
  };
  const settings = { districtId, name: 'Maple', classLinkTenantId: tenant, suspended: true };
  await world.districts.save(districtSettingsSchema.parse(settings), 0);
  await dynamoSftpAccounts(client, TABLE).save({
    ...{ districtId, username: districtId, passwordHash: 'x', publicKeys: [], allowedCidrs: [] },
  });
  await world.roster.raiseFences(districtId, 1);
  await write('org', 'school', lineOf('org', 'school', { name: 'School', type: 'school' }));
  await write('user', 'u1', userLine('u1', 'school'));
  await write('user', 'u2', userLine('u2', 'school'), true);
  await write('enrollment', 'e1', lineOf('enrollment', 'e1', { userSourcedId: 'u1', classSourcedId: 'c1' }));
  // What a write of a user that ended in the middle has left.
  const stray = schoolRowKey(districtId, 'school', 'student', 'u9');
  const Item = { pk: { S: stray.pk }, sk: { S: stray.sk }, source: { S: 'sis' }, districtId: { S: districtId } };
  await client.send(new PutItemCommand({ TableName: TABLE, Item }));
  const fields = { username: 'x', role: 'student', orgSourcedIds: 'school' };
  await world.portal.create({ districtId, kind: 'user', productId: 'm1', fields, createdAt: AT });
  const file = { fileId: 'v1', name: 'users.csv', key: 'k', bytes: 1, eTag: '"1"', lastModified: AT };
  await world.ledger.openSet(districtId, '', 'd-1', AT);
  await world.ledger.addFile(districtId, '', 'd-1', file);
  await world.ledger.bar(districtId, { folder: '', name: 'users.csv', eTag: '1', endedAt: AT });
  const delivery = (await world.ledger.get(districtId, 'd-1'))!;
  await world.ledger.create({ ...delivery, deliveryId: 'd-2', state: 'received', order: `${AT}#d-2` }, [file]);
  const lease = (await world.leases.take(districtId, 'w', 60))!;
  const sync = { ...EMPTY_SYNC, districtId, syncId: `s-${districtId}`, deliveryId: 'd-1', createdAt: AT, attempt: 1 };
  await world.syncs.save(lease, { ...sync, state: 'held', basis: 0 }, null, NEW_DISTRICT_STATE);
  await world.leases.release(lease);
  await world.watchLog.write(districtId, NEW_WATCH_MEMORY, 0, 'w');
  const result = { outcome: 'done', code: 'pause', message: '', syncId: null, at: AT } as const;
  await createCommandLog(table).put({ commandId: 'c-1', districtId, ...result });
  await createMailLog(table).claim({ districtId, eventId: 'e', address: 'a@b.org' }, 's', new Date(AT));
  const session = { sessionId: `session-${districtId}`, launchId: 'l', districtId, tenantId: tenant, clientId: 'p' };
  const times = { createdAt: 1, seenAt: 1, expiresAt: 2, idleSeconds: 1, endedBy: null, replacedBy: null };
  const person = { sourcedId: 'u1', productId: 'p-u1', role: 'student', schools: [], browserHash: 'h' };
  await world.signOn.sessions.create({ ...session, ...person, ...times });
  await createAnchors(table).save(districtId, '77', { sourcedId: 'u1', productId: 'p-u1' });
  await createAnchors(table).save(districtId, '78', { sourcedId: 'u2', productId: 'p-u2' });
  const denial = {
    reference: `ref-${districtId}`,
    code: 'inactive',
    launchId: 'l',
    districtId,
    sourcedId: 'u2',
    at: AT,
  };
  await createDenials(table).save({ ...denial, code: 'inactive' });
  await createGrants(table, world.clock).saveHandOff(`hash-${districtId}`, {
    sessionId: session.sessionId,
    clientId: 'p',
  });
}

/** Partitions of a district, and the rows of its own. */
const SORTS = [
  ...['D#* LEASE', 'D#* SET#', 'D#* SETTINGS', 'D#* STATE', 'D#* WAITING#', 'D#* WATCH'],
  ...[
    'D#*#ANCHOR',
    'D#*#BARS',
    'D#*#CLAIMS',
    'D#*#COMMANDS',
    'D#*#DELIVERIES',
    'D#*#FENCE',
    'D#*#FILES#d-1',
    'D#*#FILES#d-2',
  ],
  ...['D#*#M#user', 'D#*#MAILS', 'D#*#R#enrollment', 'D#*#R#org', 'D#*#R#user', 'D#*#SCHOOL#school', 'D#*#SYNCS'],
  ...['DENIAL#ref-*', 'DISTRICTS', 'HANDOFF#hash-*', 'SESSION#session-*', 'SFTP#*'],
];

const OLD = '2025-01-01T00:00:00.000Z';
const OWN_ROLE = 'AROA-PURGE';

test('R22: nothing of a district is left in the whole table but what its certificate names', async () => {
  const opened = open();
  await fill(opened, GONE, 1);
  await fill(opened, STAYS, 2);
  const ofOther = (all: readonly Row[]) => JSON.stringify(all.filter((row) => JSON.stringify(row).includes(STAYS)));
  const before = await rows();
  const order = { orderId: 'c-9', who: 'tester', at: AT, settingsVersion: 1 };
  const message = { type: 'offboard', districtId: GONE, order, attempt: 0 } as const;
  expect(await opened.send(message)).toEqual({ batchItemFailures: [] });
  const after = await rows();
  expect(keysOf(after.filter((row) => !JSON.stringify(row).includes(STAYS)))).toEqual([
    'D#maple LEASE',
    'D#maple TOMBSTONE',
    'D#maple#FENCE#0 FENCE',
    'D#maple#FENCE#1 FENCE',
    'D#maple#FENCE#2 FENCE',
    'D#maple#FENCE#3 FENCE',
    'D#maple#M#user m1',
    'D#maple#SCHOOL#school student#m1',
    'HANDOFF#hash-maple HANDOFF',
  ]);
  expect(ofOther(after)).toBe(ofOther(before));
  // A row of every sort was there: a sort that is added to the key grammar belongs here, and in `fill`.
  const sorts = before.flatMap(({ pk, sk }) => {
    const [partition = '', sort = ''] = [pk?.S, sk?.S];
    if (!`${partition} ${sort}`.includes(STAYS)) return [];
    const own = /^(?:SETTINGS|STATE|LEASE|WATCH|SET#|WAITING#)/.exec(partition === `D#${STAYS}` ? sort : '')?.[0] ?? '';
    return `${partition.replace(STAYS, '*').replace(/#\d+$/, '')} ${own}`.trim();
  });
  expect([...new Set(sorts)].toSorted()).toEqual(SORTS);

  // The words in the tombstone are ours: nobody of the district is in it.
  const tombstone = JSON.stringify(after.find(({ sk }) => sk?.S === 'TOMBSTONE'));
  for (const word of ['u1', 'Gómez', 'users.csv', 'p-u1', 'name-']) expect(tombstone).not.toContain(word);
  expect(opened.log).toEqual([
    { message: 'purge', fields: { districtId: GONE, command: 'offboard', outcome: 'gone' } },
  ]);

  // Whoever may send an order may write any name into it: the queue knows better.
  expect((await createDepartures(opened.table).find(GONE))?.departure.order).toMatchObject({
    ...{ who: 'maria@rollcall.example', senderId: 'AROA-ADMIN:maria@rollcall.example', saidWho: 'tester' },
  });
});

test('R22: every night, what has been inactive for too long goes, with the anchors that name it', async () => {
  const { send, night, queues, world } = open();
  expect(await night()).toEqual({ batchItemFailures: [] });
  const asked = queues.purges.splice(0).map(({ message }) => message);
  expect(asked).toEqual([
    { type: 'sweep', districtId: GONE, hop: 0 },
    { type: 'retention', districtId: STAYS, hop: 0, attempt: 0 },
  ]);
  const before = keysOf(await rows());
  expect(await send(...asked)).toEqual({ batchItemFailures: [] });
  const after = keysOf(await rows());
  const gone = before.filter((key) => !after.includes(key));
  expect(gone).toEqual([`D#${STAYS}#ANCHOR#78 ANCHOR`, expect.stringMatching(/^D#maple-2#R#user#\d+ u2$/)]);
  expect(await world.record(STAYS, 'user', 'u1')).toMatchObject({ status: 'active' });
});

test('a message that fails is reported, and takes no other with it', async () => {
  const { send } = open();
  const broken = { type: 'sweep', districtId: GONE, hop: 5_000 } as const;
  const fine = { type: 'sweep', districtId: 'nowhere', hop: 0 } as const;
  expect(await send(broken, fine)).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
});

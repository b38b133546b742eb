import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableClient } from '../../../lib/adapters/dynamodb/table-client.ts';
import { syncedKey } from '../../../lib/contracts/table-keys.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../../lib/local/dynamodb/server.ts';
import { active, change, lineOf, STAMP, userLine } from '../conformance/changes.ts';
import { leavingConformance } from '../conformance/leaving.ts';
import { ledgerConformance } from '../conformance/ledger.ts';
import { collect, newDistrict, type TableWorld } from '../conformance/world.ts';
import { dynamoDbWorld, openTable, TABLE } from '../dynamodb-world.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';

let server: DynamoDbServer;
let proxy: FaultyProxy;
let client: DynamoDBClient;
beforeAll(async () => {
  server = await startDynamoDbServer({ dataDir: null });
  proxy = await startFaultyProxy(server.endpoint);
  // One attempt: the SDK's own retries would use the same request token, and hide what ours do.
  client = await openTable(proxy.endpoint, { maxAttempts: 1 });
}, 30_000);
afterAll(async () => {
  client.destroy();
  await proxy.close();
  await server.close();
});

const WRITES = ['TransactWriteItems', 'UpdateItem', 'BatchWriteItem'];
/** Waits of a millisecond: the faults here end at once. */
const HASTY = { wait: () => new Promise((done) => setTimeout(done, 1)) };

describe('every answer to a write is lost once', () => {
  beforeAll(() => {
    let lost = false;
    proxy.decide = (operation) => {
      if (!WRITES.includes(operation)) return 'none';
      lost = !lost;
      return lost ? 'lost-answer' : 'none';
    };
  });
  afterAll(() => {
    proxy.decide = () => 'none';
  });

  ledgerConformance('dynamodb', () => dynamoDbWorld(client, HASTY), true);
  leavingConformance('dynamodb', () => dynamoDbWorld(client, HASTY), true);
});

const error = (name: string) => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name },
});
const cancelled = (...codes: string[]) => ({
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: 'Transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  },
});

describe('a write that meets an error', () => {
  let world: TableWorld;
  let district: string;
  const org = change('org', 'p1', null, active(lineOf('org', 'o1', { name: 'Maple', type: 'school' })));
  const write = () => world.roster.writeChanges(district, { lane: 0, number: 1 }, [org], STAMP);
  /** The next transactions get these answers, later ones go through. */
  const meet = (...faults: { readonly status: number; readonly body: object }[]) => {
    proxy.decide = (operation) => (operation === 'TransactWriteItems' ? (faults.shift() ?? 'none') : 'none');
  };
  beforeEach(async () => {
    proxy.decide = () => 'none';
    world = dynamoDbWorld(client, HASTY);
    district = newDistrict();
    await world.roster.raiseFences(district, 1);
  });

  test.each([
    ['throttling', [error('ThrottlingException'), error('ProvisionedThroughputExceededException')]],
    ['an internal error', [{ ...error('InternalServerError'), status: 500 }]],
    ['a transaction in progress', [error('TransactionInProgressException')]],
    ['conflicts', [cancelled('None', 'TransactionConflict'), cancelled('TransactionConflict', 'None')]],
    [
      'throttling inside the transaction',
      [cancelled('None', 'ThrottlingError'), cancelled('None', 'ProvisionedThroughputExceeded')],
    ],
    ['a refusal while the fence is undecided', [cancelled('TransactionConflict', 'ConditionalCheckFailed')]],
  ])('is sent again after %s', async (_, faults) => {
    meet(...faults);
    expect(await write()).toBe('written');
    expect(await collect(world.roster.readSynced(district, 'org'))).toHaveLength(1);
  });

  test('is fenced where the fence refused, whatever else went wrong', async () => {
    meet(cancelled('ConditionalCheckFailed', 'TransactionConflict'));
    expect(await write()).toBe('fenced');
  });

  test('is a failure without a retry where a record is not ours', async () => {
    meet(cancelled('None', 'ConditionalCheckFailed'));
    await expect(write()).rejects.toMatchObject({ code: 'not-a-synced-record' });
  });

  test('is thrown where it is a defect', async () => {
    meet(cancelled('None', 'ValidationError'));
    await expect(write()).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    meet(error('ValidationException'));
    await expect(write()).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('fails as busy when patience ends', async () => {
    world = dynamoDbWorld(client, { ...HASTY, patienceMillis: () => 50 });
    proxy.decide = (operation) => (operation === 'TransactWriteItems' ? error('ThrottlingException') : 'none');
    await expect(write()).rejects.toMatchObject({ name: 'ServiceBusy', code: 'service-busy', retryable: true });
  });

  test('keys that a batch read left out are asked for again', async () => {
    const user = change('user', 'p1', null, active(userLine('u1', 's1')));
    await world.roster.writeChanges(district, { lane: 0, number: 1 }, [user], STAMP);
    const Keys = [{ pk: { S: 'a' }, sk: { S: 'b' } }];
    let asked = 0;
    proxy.decide = (operation) => {
      if (operation !== 'BatchGetItem' || asked++ > 1) return 'none';
      return { status: 200, body: { Responses: {}, UnprocessedKeys: { [TABLE]: { Keys } } } };
    };
    expect(await createTableClient(client, TABLE, HASTY).getMany([{ pk: 'a', sk: 'b' }], ['pk'])).toEqual([]);
    expect(asked).toBe(3);
  });

  test('rows that a batch delete left out are sent again', async () => {
    const ids = Array.from({ length: 130 }, (_, at) => `o${at}`);
    const orgs = ids.map((id) => change('org', `p-${id}`, null, active(lineOf('org', id, { name: 'Maple' }))));
    for (let at = 0; at < orgs.length; at += 90)
      await world.roster.writeChanges(district, { lane: 0, number: 1 }, orgs.slice(at, at + 90), STAMP);
    const keys = ids.map((id) => syncedKey(district, 'org', id));
    const unprocessed = keys
      .slice(0, 25)
      .map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk: { S: pk }, sk: { S: sk } } } }));
    const answers = [unprocessed, unprocessed.slice(0, 1)].map((requests) => ({
      status: 200,
      body: { UnprocessedItems: { [TABLE]: requests } },
    }));
    proxy.decide = (operation) => (operation === 'BatchWriteItem' ? (answers.shift() ?? 'none') : 'none');
    const table = createTableClient(client, TABLE, HASTY);
    // One after another: the answers above are for the first batch.
    await table.removeMany(keys.slice(0, 25));
    await table.removeMany(keys.slice(25));
    const left = (await collect(world.roster.readSynced(district, 'org'))).map(({ line }) => line.slice(0, 3).trim());
    // The second answer left out the first key alone, and that one was sent again; the others it only claimed to have done.
    expect(left).toHaveLength(24);
    expect(left).not.toContain('o0');
  });

  test('a read that fails throws once, where the reader waits', async () => {
    proxy.decide = (operation) => (operation === 'Query' ? error('AccessDeniedException') : 'none');
    await expect(collect(world.roster.readSynced(district, 'org'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

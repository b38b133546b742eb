import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import { clientOf, createDistrictTable, number, sortKeys, text, transact } from './dynamodb-district-table.ts';

let server: DynamoDbServer;
let client: DynamoDBClient;
let table: string;
let count = 0;

beforeAll(async () => {
  server = await startDynamoDbServer({ dataDir: null });
  client = clientOf(server.endpoint);
});
afterAll(async () => {
  client.destroy();
  await server.close();
});
beforeEach(async () => {
  count += 1;
  table = `district-${count}`;
  await createDistrictTable(client, table);
});

const student = (sk: string, school: string, more = {}) => ({
  pk: text('p'),
  sk: text(sk),
  school: text(school),
  ...more,
});
const put = (sk: string, school: string, more = {}): TransactWriteItem => ({
  Put: { TableName: table, Item: student(sk, school), ...more },
});
const unlessThere = { ConditionExpression: 'attribute_not_exists(pk)' };
const get = async (sk: string) =>
  (
    await client.send(
      new GetItemCommand({ TableName: table, Key: { pk: text('p'), sk: text(sk) }, ConsistentRead: true }),
    )
  ).Item;

async function cancellation(work: Promise<unknown>): Promise<TransactionCanceledException> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof TransactionCanceledException) return error;
  throw new Error(`expected a cancelled transaction, got ${String(error)}`);
}

describe('a transaction that fails', () => {
  test('writes nothing, neither items nor index rows, and says which entry failed and why', async () => {
    await transact(client, [put('old', 'north')]);
    const error = await cancellation(
      transact(client, [
        put('new', 'north'),
        {
          Update: {
            TableName: table,
            Key: { pk: text('p'), sk: text('old') },
            UpdateExpression: 'SET school = :s',
            ExpressionAttributeValues: { ':s': text('south') },
          },
        },
        put('old-2', 'north', unlessThere),
        {
          ConditionCheck: {
            TableName: table,
            Key: { pk: text('p'), sk: text('fence') },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
      ]),
    );
    expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual([
      'None',
      'None',
      'None',
      'ConditionalCheckFailed',
    ]);
    expect(await sortKeys(client, table, ['pk', 'p'])).toEqual(['old']);
    expect(await sortKeys(client, table, ['school', 'north'], 'by-school')).toEqual(['old']);
    expect(await sortKeys(client, table, ['school', 'south'], 'by-school')).toEqual([]);
  });

  test('returns the item that failed a condition when asked to', async () => {
    await transact(client, [put('a', 'north')]);
    const again = { ...unlessThere, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    const error = await cancellation(transact(client, [put('b', 'north', unlessThere), put('a', 'south', again)]));
    expect(error.CancellationReasons?.[0]?.Item).toBeUndefined();
    expect(error.CancellationReasons?.[1]?.Item).toEqual(student('a', 'north'));
  });

  test.each([
    ['an operand that is not there', 'SET n = n + :one', { ':one': number(1) }],
    ['an index key of the wrong type', 'SET school = :one', { ':one': number(1) }],
    ['an empty index key', 'SET school = :none', { ':none': text('') }],
  ])('%s is a ValidationError of its entry', async (_name, UpdateExpression, ExpressionAttributeValues) => {
    const Key = { pk: text('p'), sk: text('u') };
    const error = await cancellation(
      transact(client, [
        put('a', 'north'),
        { Update: { TableName: table, Key, UpdateExpression, ExpressionAttributeValues } },
      ]),
    );
    expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual(['None', 'ValidationError']);
    expect(await get('a')).toBeUndefined();
  });
});

test('a transaction moves items between index rows: put, update and delete', async () => {
  await transact(client, [put('a', 'north'), put('b', 'north'), put('c', 'north')]);
  await transact(client, [
    put('a', 'south'),
    {
      Update: {
        TableName: table,
        Key: { pk: text('p'), sk: text('b') },
        UpdateExpression: 'REMOVE school SET grade = :g, #n = :n, #s = :s',
        ExpressionAttributeNames: { '#n': 'name', '#s': 'status' },
        ExpressionAttributeValues: { ':g': text('04'), ':n': text('Bo'), ':s': text('active') },
      },
    },
    { Delete: { TableName: table, Key: { pk: text('p'), sk: text('c') } } },
  ]);
  expect(await sortKeys(client, table, ['school', 'north'], 'by-school')).toEqual([]);
  expect(await sortKeys(client, table, ['school', 'south'], 'by-school')).toEqual(['a']);
  expect(await sortKeys(client, table, ['name', 'Bo'], 'by-name')).toEqual(['b']);
  expect(await sortKeys(client, table, ['pk', 'p'], 'by-grade')).toEqual(['b']);
});

test('LAW: after any writes, each index holds just the items that have its key', async () => {
  const sk = fc.constantFrom('1', '2', '3', '4', '5', '6');
  const school = fc.option(fc.constantFrom('north', 'south'));
  const entry = fc.record({ sk, school, kind: fc.constantFrom('put', 'update', 'delete'), fails: fc.boolean() });
  const transactions = fc.array(fc.uniqueArray(entry, { selector: (one) => one.sk, minLength: 1 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(transactions, async (history) => {
      count += 1;
      table = `district-${count}`;
      await createDistrictTable(client, table);
      const model = new Map<string, string | null>();
      for (const entries of history) {
        const items = entries.map((one): TransactWriteItem => {
          const Key = { pk: text('p'), sk: text(one.sk) };
          const condition = one.fails
            ? { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(pk)' }
            : {};
          if (one.kind === 'delete') return { Delete: { TableName: table, Key, ...condition } };
          const attribute = one.school === null ? {} : { school: text(one.school) };
          if (one.kind === 'put') return { Put: { TableName: table, Item: { ...Key, ...attribute }, ...condition } };
          const change = one.school
            ? { UpdateExpression: 'SET school = :s', ExpressionAttributeValues: { ':s': text(one.school) } }
            : { UpdateExpression: 'REMOVE school' };
          return { Update: { TableName: table, Key, ...change, ...condition } };
        });
        await transact(client, items).then(
          () => {
            for (const one of entries) {
              if (one.kind === 'delete') model.delete(one.sk);
              else model.set(one.sk, one.school);
            }
          },
          () => undefined,
        );
      }
      const where = (wanted: string) => [...model].filter(([, at]) => at === wanted).map(([key]) => key);
      expect(await sortKeys(client, table, ['pk', 'p'])).toEqual([...model.keys()].sort());
      for (const wanted of ['north', 'south']) {
        expect((await sortKeys(client, table, ['school', wanted], 'by-school')).sort()).toEqual(where(wanted).sort());
      }
    }),
    { numRuns: 15 },
  );
}, 30_000);

describe('at the same time', () => {
  const add = () =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: text('p'), sk: text('counter') },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': number(1) },
      }),
    );

  test('200 increments make 200', async () => {
    await Promise.all(Array.from({ length: 200 }, add));
    expect((await get('counter'))?.['n']).toEqual(number(200));
  });

  test('of 50 puts "unless it is there" one wins', async () => {
    const puts = Array.from({ length: 50 }, (_, at) =>
      client.send(new PutItemCommand({ TableName: table, Item: student('seat', `school-${at}`), ...unlessThere })),
    );
    const outcomes = await Promise.allSettled(puts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('transactions over one fence row run one after the other, and the index agrees at the end', async () => {
    const Key = { pk: text('p'), sk: text('fence') };
    await client.send(new PutItemCommand({ TableName: table, Item: { ...Key, n: number(0) } }));
    const worker = async (name: string) => {
      for (let done = 0; done < 6; ) {
        const seen = (await get('fence'))?.['n'] ?? number(-1);
        const raise = {
          UpdateExpression: 'SET n = n + :one',
          ConditionExpression: 'n = :seen',
          ExpressionAttributeValues: { ':one': number(1), ':seen': seen },
        };
        const record = put(`step-${String(seen.N).padStart(3, '0')}`, 'north', unlessThere);
        done += await transact(client, [{ Update: { TableName: table, Key, ...raise } }, record, put(name, name)]).then(
          () => 1,
          () => 0,
        );
      }
    };
    await Promise.all(['w1', 'w2', 'w3', 'w4'].map(worker));
    expect((await get('fence'))?.['n']).toEqual(number(24));
    const steps = Array.from({ length: 24 }, (_, at) => `step-${String(at).padStart(3, '0')}`);
    expect(await sortKeys(client, table, ['school', 'north'], 'by-school')).toEqual(steps);
  }, 30_000);
});

describe('a request token', () => {
  const addWith = (token: string, by: number) =>
    transact(
      client,
      [
        {
          Update: {
            TableName: table,
            Key: { pk: text('p'), sk: text('counter') },
            UpdateExpression: 'ADD n :by',
            ExpressionAttributeValues: { ':by': number(by) },
          },
        },
      ],
      token,
    );

  test('makes the same request count once, also when both are on their way', async () => {
    await Promise.all([addWith(`${table}-once`, 1), addWith(`${table}-once`, 1)]);
    await addWith(`${table}-once`, 1);
    await addWith(`${table}-another`, 1);
    expect((await get('counter'))?.['n']).toEqual(number(2));
  });

  test('refuses another request', async () => {
    await addWith(`${table}-once`, 1);
    await expect(addWith(`${table}-once`, 2)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    expect((await get('counter'))?.['n']).toEqual(number(1));
  });

  test('of a cancelled transaction is free again', async () => {
    const token = `${table}-once`;
    await transact(client, [put('a', 'north')]);
    await cancellation(transact(client, [put('a', 'south', unlessThere)], token));
    await transact(client, [put('b', 'south')], token);
    expect((await get('b'))?.['school']).toEqual(text('south'));
  });
});

describe('limits of a transaction', () => {
  const bigPut = (sk: string): TransactWriteItem => ({
    Put: { TableName: table, Item: { pk: text('p'), sk: text(sk), photo: text('x'.repeat(382_000)) } },
  });
  const many = (size: number, item: (at: number) => TransactWriteItem) =>
    Array.from({ length: size }, (_, at) => item(at));

  test.each<[string, () => TransactWriteItem[], string | null]>([
    ['100 items', () => many(100, (at) => put(`${at}`, 'north')), null],
    ['101 items', () => many(101, (at) => put(`${at}`, 'north')), 'ValidationException'],
    ['one item twice', () => [put('a', 'north'), put('a', 'south')], 'ValidationException'],
    ['3.8 MB of items', () => many(10, (at) => bigPut(`${at}`)), null],
    ['4.2 MB of items', () => many(11, (at) => bigPut(`${at}`)), 'ValidationException'],
    [
      'two kinds in one entry',
      () => [{ ...put('a', 'x'), Delete: { TableName: table, Key: {} } }],
      'ValidationException',
    ],
    [
      'a table that is not there',
      () => [put('a', 'north'), { Put: { TableName: 'nowhere', Item: student('b', 'north') } }],
      'ResourceNotFoundException',
    ],
  ])('%s', async (_name, items, refusal) => {
    const outcome = await transact(client, items()).then(
      () => null,
      (error: Error) => error.name,
    );
    expect(outcome).toBe(refusal);
    if (refusal) expect(await sortKeys(client, table, ['pk', 'p'])).toEqual([]);
  });
});

test('TransactGetItems answers in order, with nothing where nothing is', async () => {
  await client.send(
    new BatchWriteItemCommand({
      RequestItems: { [table]: ['a', 'b'].map((sk) => ({ PutRequest: { Item: student(sk, 'north') } })) },
    }),
  );
  const answer = await client.send(
    new TransactGetItemsCommand({
      TransactItems: ['b', 'none', 'a'].map((sk) => ({
        Get: { TableName: table, Key: { pk: text('p'), sk: text(sk) } },
      })),
    }),
  );
  expect(answer.Responses?.map(({ Item }) => Item?.['sk']?.S)).toEqual(['b', undefined, 'a']);
});

import {
  BatchWriteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import { clientOf, createDistrictTable, number, sortKeys, text } from './dynamodb-district-table.ts';

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

const name = (at: number) => String(at).padStart(5, '0');

async function putStudents(size: number, more: (at: number) => object = () => ({})): Promise<string[]> {
  const all = Array.from({ length: size }, (_, at) => at);
  for (let from = 0; from < size; from += 25) {
    const puts = all.slice(from, from + 25).map((at) => ({
      PutRequest: { Item: { pk: text('p'), sk: text(name(at)), school: text('north'), ...more(at) } },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  }
  return all.map(name);
}

describe('pages', () => {
  // Under dynalite's own index keys (24 bits of a hash of the item's key) these two would share one row.
  test('items under one index key are all there', async () => {
    for (const sk of ['student-111', 'student-3458']) {
      const Item = { pk: text('p'), sk: text(sk), school: text('north') };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    }
    const found = await sortKeys(client, table, ['school', 'north'], 'by-school');
    expect(found).toEqual(['student-111', 'student-3458']);
  });

  test('end at 1 MB, and the next goes on from there', async () => {
    const students = await putStudents(12, () => ({ photo: text('x'.repeat(200_000)) }));
    const first = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': text('p') },
      }),
    );
    expect(first).toMatchObject({ Count: 6, LastEvaluatedKey: { pk: text('p'), sk: text(name(5)) } });
    expect(await sortKeys(client, table, ['pk', 'p'])).toEqual(students);
  });

  test.each<[string, Partial<QueryCommandInput>]>([
    ['forwards', { Limit: 7 }],
    ['backwards', { Limit: 7, ScanIndexForward: false }],
    ['of an index, backwards', { Limit: 7, ScanIndexForward: false, IndexName: 'by-school' }],
    ['of whole items behind a local index', { Limit: 7, IndexName: 'by-grade', Select: 'ALL_ATTRIBUTES' }],
    ['with a filter that leaves every third', { Limit: 7, FilterExpression: 'third = :yes' }],
  ])('%s: every item once, in order', async (_name, options) => {
    const students = await putStudents(40, (at) => ({ grade: text('04'), third: text(at % 3 === 0 ? 'yes' : 'no') }));
    const wanted = options.FilterExpression ? students.filter((_, at) => at % 3 === 0) : students;
    const seen: string[] = [];
    const pages: number[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#k = :k',
          ExpressionAttributeNames: { '#k': options.IndexName === 'by-school' ? 'school' : 'pk' },
          ExpressionAttributeValues: {
            ':k': text(options.IndexName === 'by-school' ? 'north' : 'p'),
            ...(options.FilterExpression ? { ':yes': text('yes') } : {}),
          },
          ...options,
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      );
      if (options.Select) expect(page.Items?.every((item) => item['third'] !== undefined)).toBe(true);
      seen.push(...(page.Items ?? []).map((item) => item['sk']?.S ?? ''));
      pages.push(page.ScannedCount ?? 0);
      start = page.LastEvaluatedKey;
    } while (start);
    expect(seen).toEqual(options.ScanIndexForward === false ? wanted.toReversed() : wanted);
    expect(pages).toEqual([7, 7, 7, 7, 7, 5]);
  });
});

describe('an index made later', () => {
  const byGrade = { IndexName: 'late', KeySchema: [{ AttributeName: 'grade', KeyType: 'HASH' as const }] };
  const create = () =>
    client.send(
      new UpdateTableCommand({
        TableName: table,
        AttributeDefinitions: [{ AttributeName: 'grade', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [{ Create: { ...byGrade, Projection: { ProjectionType: 'ALL' } } }],
      }),
    );

  test('holds the items from before and from after, and goes when it is deleted', async () => {
    await putStudents(30, (at) => (at % 2 ? { grade: text('04') } : {}));
    await create();
    const late = { pk: text('p'), sk: text('late'), grade: text('04') };
    await client.send(new PutItemCommand({ TableName: table, Item: late }));
    const wanted = Array.from({ length: 15 }, (_, at) => name(2 * at + 1));
    expect(await sortKeys(client, table, ['grade', '04'], 'late')).toEqual([...wanted, 'late']);

    const drop = { TableName: table, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'late' } }] };
    await client.send(new UpdateTableCommand(drop));
    await expect(sortKeys(client, table, ['grade', '04'], 'late')).rejects.toThrow('specified index');
  });

  test('cannot be made twice', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('time to live', () => {
  const enable = () =>
    client.send(
      new UpdateTimeToLiveCommand({
        TableName: table,
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'endsAt' },
      }),
    );
  const now = () => Math.floor(Date.now() / 1000);

  test('deletes what has ended, from the indexes too, and nothing else', async () => {
    const ends: Record<string, object> = {
      'ended-before': { endsAt: number(now() - 60) },
      'ends-later': { endsAt: number(now() + 600) },
      'ended-six-years-ago': { endsAt: number(now() - 6 * 365 * 86_400) },
      'ends-in-words': { endsAt: text('yesterday') },
      'never-ends': {},
    };
    const save = (sk: string, more: object) =>
      client.send(
        new PutItemCommand({ TableName: table, Item: { pk: text('p'), sk: text(sk), school: text('n'), ...more } }),
      );
    for (const [sk, more] of Object.entries(ends)) await save(sk, more);
    await enable();
    await save('ended-after', { endsAt: number(now() - 60) });
    await save('given-more-time', { endsAt: number(now() - 60) });
    await save('given-more-time', { endsAt: number(now() + 600) });
    const wanted = ['ended-six-years-ago', 'ends-in-words', 'ends-later', 'given-more-time', 'never-ends'];
    const patience = Date.now() + 4_000;
    while (Date.now() < patience && (await sortKeys(client, table, ['pk', 'p'])).length > wanted.length) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await sortKeys(client, table, ['pk', 'p'])).toEqual(wanted);
    expect(await sortKeys(client, table, ['school', 'n'], 'by-school')).toEqual(wanted);
  });

  test('is described, and turned on once', async () => {
    await enable();
    await expect(enable()).rejects.toMatchObject({ name: 'ValidationException' });
    const answer = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
    expect(answer.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'endsAt' });
  });
});

test('a protected table stays until the protection is lifted; a deleted one leaves no rows behind', async () => {
  const protect = (on: boolean) =>
    client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: on }));
  const remove = () => client.send(new DeleteTableCommand({ TableName: table }));
  await putStudents(3);
  await protect(true);
  await expect(remove()).rejects.toMatchObject({ name: 'ValidationException' });
  await protect(false);
  await remove();
  expect((await client.send(new ListTablesCommand({}))).TableNames).not.toContain(table);
  await createDistrictTable(client, table);
  expect(await sortKeys(client, table, ['pk', 'p'])).toEqual([]);
  expect(await sortKeys(client, table, ['school', 'north'], 'by-school')).toEqual([]);
});

test('a table can be used as soon as CreateTable has answered', async () => {
  const answer = await client.send(new DescribeTableCommand({ TableName: table }));
  expect(answer.Table?.TableStatus).toBe('ACTIVE');
  expect(answer.Table?.GlobalSecondaryIndexes?.map((index) => index.IndexStatus)).toEqual(['ACTIVE', 'ACTIVE']);
});

import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  paginateQuery,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

/** The DynamoDB client of these tests; no retries, so that each answer is seen. */
export function clientOf(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });

/** A table with a global index of each projection and a local one: by school (ALL), by name (KEYS_ONLY), by grade. */
export async function createDistrictTable(client: DynamoDBClient, name: string): Promise<void> {
  const key = (hash: string, range?: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    ...(range ? [{ AttributeName: range, KeyType: 'RANGE' as const }] : []),
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'school', 'name', 'grade'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: key('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'by-school', KeySchema: key('school'), Projection: { ProjectionType: 'ALL' } },
        { IndexName: 'by-name', KeySchema: key('name', 'sk'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-grade',
          KeySchema: key('pk', 'grade'),
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
        },
      ],
    }),
  );
}

/** Sort keys of all items under a partition of the table or an index, in their order. */
export async function sortKeys(
  client: DynamoDBClient,
  table: string,
  [attribute, value]: readonly [string, string],
  index?: string,
): Promise<string[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: '#a = :v',
    ExpressionAttributeNames: { '#a': attribute },
    ExpressionAttributeValues: { ':v': text(value) },
    ...(index ? { IndexName: index } : { ConsistentRead: true }),
  };
  const keys: string[] = [];
  for await (const page of paginateQuery({ client }, query)) {
    keys.push(...(page.Items ?? []).map((item) => item['sk']?.S ?? ''));
  }
  return keys;
}

export function transact(client: DynamoDBClient, items: TransactWriteItem[], token?: string) {
  return client.send(
    new TransactWriteItemsCommand({ TransactItems: items, ...(token ? { ClientRequestToken: token } : {}) }),
  );
}

import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createCommandLog } from '../../lib/adapters/dynamodb/command-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { districtPartition, setSort } from '../../lib/contracts/table-keys.ts';
import type { DeliveryFile } from '../../lib/core/sync/sync.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import { commandLogConformance } from './conformance/command-log.ts';
import { editedRecordsConformance } from './conformance/edited-records.ts';
import { historyConformance } from './conformance/history.ts';
import { leavingConformance } from './conformance/leaving.ts';
import { ledgerConformance } from './conformance/ledger.ts';
import { rekeyedUsersConformance } from './conformance/rekeyed-users.ts';
import { rosterTableConformance } from './conformance/roster-table.ts';
import { schoolRowsConformance } from './conformance/school-rows.ts';
import { signOnConformance } from './conformance/sign-on.ts';
import { dynamoDbWorld, openTable, TABLE } from './dynamodb-world.ts';

/** Another server to run on, such as Amazon's DynamoDB Local; the table is created there. */
const OTHER_ENDPOINT = process.env['ROLLCALL_TEST_DYNAMODB_ENDPOINT'];

let server: DynamoDbServer | undefined;
let client: DynamoDBClient;
beforeAll(async () => {
  if (OTHER_ENDPOINT === undefined) server = await startDynamoDbServer({ dataDir: null });
  client = await openTable(OTHER_ENDPOINT ?? server?.endpoint ?? '');
}, 30_000);
afterAll(async () => {
  client.destroy();
  await server?.close();
});

rosterTableConformance('dynamodb', () => dynamoDbWorld(client), 10);
schoolRowsConformance('dynamodb', () => dynamoDbWorld(client));
editedRecordsConformance('dynamodb', () => dynamoDbWorld(client));
ledgerConformance('dynamodb', () => dynamoDbWorld(client));
rekeyedUsersConformance('dynamodb', () => dynamoDbWorld(client));
signOnConformance('dynamodb', () => dynamoDbWorld(client));
leavingConformance('dynamodb', () => dynamoDbWorld(client));
historyConformance('dynamodb', () => dynamoDbWorld(client));
commandLogConformance('dynamodb', () => createCommandLog(createTableClient(client, TABLE)));

test('an open set of an earlier version, which kept no names of files, is sealed all the same', async () => {
  const { ledger } = dynamoDbWorld(client);
  const [district, id, at] = ['earlier', 'd-20260101T000000000Z-1', '2026-01-01T00:00:00.000Z'];
  const file = (name: string): DeliveryFile => ({
    ...{ name, fileId: `id of ${name}`, eTag: '"x"', bytes: 10, lastModified: at },
    ...{ key: `deliveries/${district}/${id}/${name}` },
  });
  const [orgs, users, courses] = ['orgs.csv', 'users.csv', 'courses.csv'].map(file) as [
    DeliveryFile,
    DeliveryFile,
    DeliveryFile,
  ];
  await ledger.openSet(district, '', id, at);
  for (const each of [orgs, users]) await ledger.addFile(district, '', id, each);
  const Key = { pk: { S: districtPartition(district) }, sk: { S: setSort('') } };
  await client.send(new UpdateItemCommand({ TableName: TABLE, Key, UpdateExpression: 'REMOVE fileNames' }));
  await ledger.addFile(district, '', id, courses);
  const sealed = { ...(await ledger.get(district, id))!, state: 'received', order: at, receivedAt: at } as const;
  expect(await ledger.seal(sealed, [orgs, users, courses])).toBe('sealed');
});

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createCommandLog } from '../../lib/adapters/dynamodb/command-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
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

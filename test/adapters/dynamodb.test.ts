import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import { editedRecordsConformance } from './conformance/edited-records.ts';
import { ledgerConformance } from './conformance/ledger.ts';
import { rosterTableConformance } from './conformance/roster-table.ts';
import { schoolRowsConformance } from './conformance/school-rows.ts';
import { dynamoDbWorld, openTable } from './dynamodb-world.ts';

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

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import { ledgerConformance } from './conformance/ledger.ts';
import { rosterTableConformance } from './conformance/roster-table.ts';
import { dynamoDbWorld, openTable } from './dynamodb-world.ts';

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

rosterTableConformance('dynamodb', () => dynamoDbWorld(client), 10);
ledgerConformance('dynamodb', () => dynamoDbWorld(client));

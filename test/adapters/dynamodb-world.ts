import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createCommandLog } from '../../lib/adapters/dynamodb/command-log.ts';
import { createDeliveryLedger } from '../../lib/adapters/dynamodb/delivery-ledger.ts';
import { createDepartures } from '../../lib/adapters/dynamodb/departures.ts';
import { createDistrictRows } from '../../lib/adapters/dynamodb/district-rows.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { createExpiredHistory } from '../../lib/adapters/dynamodb/expired-history.ts';
import { createExpiredRecords } from '../../lib/adapters/dynamodb/expired-records.ts';
import { createLeases } from '../../lib/adapters/dynamodb/leases.ts';
import { createPortalRoster } from '../../lib/adapters/dynamodb/portal.ts';
import type { RetryOptions } from '../../lib/adapters/dynamodb/retry-policy.ts';
import { createRosterTable } from '../../lib/adapters/dynamodb/roster-table.ts';
import { createTenants } from '../../lib/adapters/dynamodb/sign-on-anchors.ts';
import { createSignOnRoster } from '../../lib/adapters/dynamodb/sign-on-roster.ts';
import { createSessions } from '../../lib/adapters/dynamodb/sign-on-sessions.ts';
import { createSyncLog } from '../../lib/adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { createWatchLog } from '../../lib/adapters/dynamodb/watch-log.ts';
import { createRosterTableDefinition } from '../../lib/contracts/table-definition.ts';
import { type Key, schoolPartition, syncedKey } from '../../lib/contracts/table-keys.ts';
import { storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import { type TableWorld, TestClock } from './conformance/world.ts';

/** The table of these tests, in a server of its own. */
export const TABLE = 'rollcall-conformance';

/** A client for a server on this machine, with the state table created. */
export async function openTable(endpoint: string, config: DynamoDBClientConfig = {}): Promise<DynamoDBClient> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = createDynamoDbClient({ endpoint, region: 'us-east-1', credentials, ...config });
  await client.send(new CreateTableCommand(createRosterTableDefinition(TABLE)));
  return client;
}

/** The state table in DynamoDB. */
export function dynamoDbWorld(client: DynamoDBClient, retry?: RetryOptions): TableWorld {
  const clock = new TestClock();
  const table = createTableClient(client, TABLE, retry);
  const keyOf = (key: Key) => ({ pk: { S: key.pk }, sk: { S: key.sk } });
  return {
    clock,
    roster: createRosterTable(table),
    portal: createPortalRoster(table),
    leases: createLeases(table, clock),
    ledger: createDeliveryLedger(table),
    syncs: createSyncLog(table),
    districts: createDistricts(table),
    watchLog: createWatchLog(table),
    commands: createCommandLog(table),
    departures: createDepartures(table),
    rows: createDistrictRows(table),
    expired: createExpiredRecords(table),
    history: createExpiredHistory(table),
    signOn: { roster: createSignOnRoster(table), sessions: createSessions(table), tenants: createTenants(table) },
    async record(districtId, kind, id) {
      const Key = keyOf(syncedKey(districtId, kind, id));
      const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
      if (!Item) return null;
      const text = (name: string) => Item[name]?.S ?? null;
      const own = ['source', 'status', 'productId', 'syncId', 'syncedAt', 'inactiveSince', 'editedAt'] as const;
      const fields = storedColumnsOf(kind).flatMap(({ name }) => (Item[name] ? [[name, plain(Item[name])]] : []));
      return {
        ...(Object.fromEntries(own.map((name) => [name, text(name)])) as Record<(typeof own)[number], unknown>),
        fields: Object.fromEntries(fields),
      };
    },
    async setAttribute(districtId, kind, id, name, value) {
      await client.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: keyOf(syncedKey(districtId, kind, id)),
          UpdateExpression: value === undefined ? 'REMOVE #name' : 'SET #name = :value',
          ExpressionAttributeNames: { '#name': name },
          ...(value === undefined ? {} : { ExpressionAttributeValues: { ':value': attribute(value) } }),
        }),
      );
    },
    async usersOfSchool(districtId, org) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: TABLE,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: schoolPartition(districtId, org) } },
        }),
      );
      return Items.map((item) => `${item['sk']?.S}=${item['productId']?.S}`).sort();
    },
  };
}

function plain(value: AttributeValue): unknown {
  if (value.L) return value.L.map(plain);
  return value.S ?? value.BOOL;
}

function attribute(value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, attribute(each)])) };
}

import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { LOCAL } from '../../lib/local/names.ts';

/** A client of a running stack's table. Destroy it. */
export const openTable = (endpoint: string): DynamoDBClient =>
  createDynamoDbClient({ endpoint, region: LOCAL.region, credentials: LOCAL.credentials });

/** Every item of the records of a district (`R`: synced, `M`: manual), as JSON by key, read from a running stack. */
export async function storedRecords(
  endpoint: string,
  districtId: string,
  which: 'R' | 'M' = 'R',
): Promise<ReadonlyMap<string, string>> {
  const client = openTable(endpoint);
  const items = new Map<string, string>();
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: LOCAL.table, ConsistentRead: true })) {
      for (const item of Items) {
        const key = `${item['pk']?.S}\n${item['sk']?.S}`;
        const attributes = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
        if (key.startsWith(`D#${districtId}#${which}#`)) items.set(key, JSON.stringify(attributes));
      }
    }
  } finally {
    client.destroy();
  }
  return items;
}

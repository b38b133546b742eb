import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { LOCAL } from '../../lib/local/names.ts';

/** Every item of the records of a district (`R`: synced, `M`: manual), as JSON by key, read from a running stack. */
export async function storedRecords(
  endpoint: string,
  districtId: string,
  which: 'R' | 'M' = 'R',
): Promise<ReadonlyMap<string, string>> {
  const client = createDynamoDbClient({ endpoint, region: LOCAL.region, credentials: LOCAL.credentials });
  const items = new Map<string, string>();
  try {
    let ExclusiveStartKey: Awaited<ReturnType<typeof page>>['LastEvaluatedKey'];
    const page = () =>
      client.send(new ScanCommand({ TableName: LOCAL.table, ConsistentRead: true, ExclusiveStartKey }));
    do {
      const { Items = [], LastEvaluatedKey } = await page();
      for (const item of Items) {
        const key = `${item['pk']?.S}\n${item['sk']?.S}`;
        const attributes = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
        if (key.startsWith(`D#${districtId}#${which}#`)) items.set(key, JSON.stringify(attributes));
      }
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  } finally {
    client.destroy();
  }
  return items;
}

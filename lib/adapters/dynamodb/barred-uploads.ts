import { createHash } from 'node:crypto';
import { ROSTER_TABLE } from '../../contracts/table-definition.ts';
import { barsPartition, type Key } from '../../contracts/table-keys.ts';
import { bareTag, type FailedUpload, isLeftBy } from '../../core/delivery/failed-upload.ts';
import type { DeliveryFile } from '../../core/sync/sync.ts';
import { DistrictHasLeft } from '../../ports/departures.ts';
import { hasNotLeft } from './departures.ts';
import { keyItem, type TableClient } from './table-client.ts';

/** How long a failed upload is remembered after its end: longer than a plan is kept (31 days). Seconds. */
const BAR_SECONDS = 45 * 86_400;

/** A path and a tag may be longer than a sort key, and nobody needs to read them here: their hash. */
const barKey = (districtId: string, { folder, name, eTag }: Omit<FailedUpload, 'endedAt'>): Key => ({
  pk: barsPartition(districtId),
  sk: createHash('sha256')
    .update(JSON.stringify([folder, name, bareTag(eTag)]))
    .digest('hex'),
});

/** `DeliveryLedger.bar`. Reported twice, the later end stays. */
export async function keepBar(table: TableClient, districtId: string, failed: FailedUpload): Promise<void> {
  const { endedAt } = failed;
  const outcome = await table.transact([
    {
      put: {
        ...keyItem(barKey(districtId, failed)),
        endedAt: { S: endedAt },
        [ROSTER_TABLE.timeToLiveAttribute]: { N: String(Math.floor(Date.parse(endedAt) / 1000) + BAR_SECONDS) },
      },
      condition: {
        expression: 'attribute_not_exists(pk) OR endedAt < :endedAt',
        values: { ':endedAt': { S: endedAt } },
      },
    },
    hasNotLeft(districtId),
  ]);
  if (outcome.done || !outcome.refused.includes(1)) return;
  throw new DistrictHasLeft('the district has left; what it uploads is not looked at');
}

/** `DeliveryLedger.barredAmong`. */
export async function barredAmong(
  table: TableClient,
  districtId: string,
  folder: string,
  files: readonly DeliveryFile[],
): Promise<readonly DeliveryFile[]> {
  const keys = files.map((file) => barKey(districtId, { folder, ...file }));
  const rows = keys.length === 0 ? [] : await table.getMany(keys, ['sk', 'endedAt']);
  const ends = new Map(rows.map((row) => [row['sk']?.S, row['endedAt']?.S]));
  return files.filter((file, at) => {
    const endedAt = ends.get(keys[at]?.sk);
    return endedAt !== undefined && isLeftBy(file, endedAt);
  });
}

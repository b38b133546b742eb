import { districtPrefixes } from '../../contracts/object-keys.ts';
import type { DistrictHoldings } from '../../core/district/departure.ts';
import type { DistrictRows } from '../../ports/district-rows.ts';
import type { StoredVersions } from '../../ports/stored-versions.ts';

interface CountPorts {
  readonly rows: Pick<DistrictRows, 'count'>;
  readonly landingVersions: Pick<StoredVersions, 'count'>;
  readonly archiveVersions: Pick<StoredVersions, 'count'>;
}

/** Counts all that goes when a district leaves. Reads only. */
export const countHoldings = async (ports: CountPorts, districtId: string): Promise<DistrictHoldings> => ({
  rows: await countRows(ports, districtId),
  objects: await countObjects(ports, districtId),
});

/** Its rows in the table, by what they are. */
export async function countRows(
  { rows }: Pick<CountPorts, 'rows'>,
  districtId: string,
): Promise<DistrictHoldings['rows']> {
  const counts: Record<string, number> = {};
  for await (const batch of rows.count(districtId))
    for (const [what, count] of Object.entries(batch)) counts[what] = (counts[what] ?? 0) + count;
  return counts;
}

/** All versions of its objects, by where they lie. */
export async function countObjects(
  { landingVersions, archiveVersions }: Omit<CountPorts, 'rows'>,
  districtId: string,
): Promise<DistrictHoldings['objects']> {
  const { landing, deliveries, plans } = districtPrefixes(districtId);
  return {
    landing: await sumOf(landingVersions.count(landing)),
    deliveries: await sumOf(archiveVersions.count(deliveries)),
    plans: await sumOf(archiveVersions.count(plans)),
  };
}

async function sumOf(batches: AsyncIterable<number>): Promise<number> {
  let sum = 0;
  for await (const count of batches) sum += count;
  return sum;
}

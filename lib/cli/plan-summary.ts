import { planPrefix, planSummaryKey } from '../contracts/object-keys.ts';
import type { SchoolSizes } from '../core/limits/school-sizes.ts';
import type { Finding, FindingCounts } from '../core/oneroster/finding.ts';
import type { AmbiguousGroup, RekeyPair } from '../core/rekey/find-pairs.ts';
import type { Sync } from '../core/sync/sync.ts';
import type { Archive } from '../ports/objects.ts';

/** What the summary of a plan says of it. Undo and re-key have neither schools nor pairs there; older plans lack more. */
export interface PlanSummary extends Partial<SchoolSizes> {
  readonly files: unknown;
  readonly findings: readonly Finding[];
  readonly findingCounts: FindingCounts;
  readonly pairs?: readonly RekeyPair[];
  readonly ambiguous?: readonly AmbiguousGroup[];
}

/** The plan's summary in the archive; null once it has expired (R22). */
export async function readPlanSummary(
  { archive }: { readonly archive: Archive },
  { districtId, syncId, attempt }: Sync,
): Promise<PlanSummary | null> {
  const text = await archive.readText(planSummaryKey(planPrefix({ districtId, syncId, attempt })));
  return text === null ? null : (JSON.parse(text) as PlanSummary);
}

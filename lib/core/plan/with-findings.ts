import type { FindingCounts } from '../oneroster/finding.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import type { PlanResult } from './plan-input.ts';

/** The same result with findings that came after the plan. */
export function withFindings(result: PlanResult, log: FindingLog): PlanResult {
  const { findings, findingCounts: before } = result;
  const added = log.counts;
  const byCode = { ...before.byCode };
  for (const [code, count] of Object.entries(added.byCode)) byCode[code] = (byCode[code] ?? 0) + count;
  const findingCounts: FindingCounts = {
    error: before.error + added.error,
    warning: before.warning + added.warning,
    info: before.info + added.info,
    byCode,
  };
  return { ...result, findings: [...findings, ...log.list()], findingCounts };
}

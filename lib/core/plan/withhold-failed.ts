import { FindingLog } from '../oneroster/finding-log.ts';
import { noChanges } from './change-writer.ts';
import type { JudgedPlan } from './judge-plan.ts';
import { withFindings } from './with-findings.ts';

/**
 * What is left of a plan once files of its delivery are known as failed uploads: nothing to apply (R16). `files`: their
 * names.
 */
export function withholdFailed(judged: JudgedPlan, files: readonly string[]): JudgedPlan {
  const log = new FindingLog(files.length);
  for (const file of files) log.add('upload-failed', { file });
  const result = withFindings(judged.result, log);
  return {
    ...judged,
    result: { ...result, verdict: 'incomplete', changes: noChanges(), content: '' },
    holds: [],
    pairs: [],
  };
}

import { planPrefix, planPromiseKey, planSummaryKey } from '../../contracts/object-keys.ts';
import { PLAN_SECTIONS } from '../../core/plan/sections.ts';
import type { ApplyScope, Sync } from '../../core/sync/sync.ts';
import { AppliedChanges, promisedChanges } from '../applied-changes.ts';
import type { CommandPorts } from './command-ports.ts';

/**
 * Whether the whole plan of a sync is still kept, as far as it is to be applied. Its objects expire one by one, and a
 * section that is gone reads as one without changes: half a plan, its removals without what was to be added, is worse than
 * none (R13).
 */
export async function isPlanKept(
  { archive, plans }: Pick<CommandPorts, 'archive' | 'plans'>,
  sync: Sync,
  scope: ApplyScope,
  beat: () => Promise<void>,
): Promise<boolean> {
  const prefix = planPrefix(sync);
  for (const key of [planSummaryKey(prefix), planPromiseKey(prefix)]) {
    if ((await archive.size(key)) === null) return false;
  }
  const applied = new AppliedChanges(plans, prefix, scope);
  let kept = 0;
  for (const section of PLAN_SECTIONS) {
    for await (const batch of applied.read(section, 0)) {
      kept += batch.length;
      await beat();
    }
  }
  return kept === promisedChanges(sync, scope);
}

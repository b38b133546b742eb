import { planPrefix, planPromiseKey } from '../../contracts/object-keys.ts';
import { PLAN_SECTIONS } from '../../core/plan/sections.ts';
import { readPromise, writePromise } from '../../core/proof/plan-promise.ts';
import type { ApplyScope, Sync } from '../../core/sync/sync.ts';
import { AppliedChanges } from '../applied-changes.ts';
import type { CommandPorts } from './command-ports.ts';

/** Writes what the table will be where not all of the plan is applied. `beat` keeps the lease alive meanwhile. */
export async function writeScopedPromise(
  ports: Pick<CommandPorts, 'archive' | 'plans'>,
  { districtId, syncId, attempt }: Sync,
  scope: ApplyScope,
  beat: () => Promise<void>,
): Promise<void> {
  const prefix = planPrefix({ districtId, syncId, attempt });
  const text = scope === 'as-shown' ? null : await ports.archive.readText(planPromiseKey(prefix));
  if (text === null) return;
  const promise = readPromise(text);
  const shown = new AppliedChanges(ports.plans, prefix, 'as-shown');
  const applied = new AppliedChanges(ports.plans, prefix, scope);
  for (const section of PLAN_SECTIONS) {
    if (scope === 'all-but-removals' ? !section.removal : section.kind !== 'user') continue;
    for await (const batch of shown.read(section, 0)) {
      await beat();
      promise.withoutChanges(batch);
    }
    for await (const batch of applied.read(section, 0)) {
      await beat();
      promise.sawChanges(batch);
    }
  }
  await ports.archive.writeText(planPromiseKey(prefix, scope), writePromise(promise));
}

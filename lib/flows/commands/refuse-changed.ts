import { changesAnything } from '../../core/sync/decide-sync.ts';
import type { DistrictState, Sync } from '../../core/sync/sync.ts';
import { type Answer, type CommandPorts, refused } from './command-ports.ts';

/** How far back syncs are looked for, and how many are named. */
const LOOK_BACK = 200;
const NAMED = 20;

/** States of a sync that may have changed the table; `failed` ones only where they had begun to apply. */
const CHANGED: ReadonlySet<Sync['state']> = new Set(['applied', 'undone', 'failed'] satisfies Sync['state'][]);

/** R13: refuses where the roster was changed after a plan was made, and names the syncs that did it, newest first. */
export async function refuseChanged(
  { log }: Pick<CommandPorts, 'log'>,
  { districtId, createdAt, basis }: Sync,
  { revision }: DistrictState,
): Promise<Answer | null> {
  if (revision === basis) return null;
  const ended = (await log.list(districtId, LOOK_BACK))
    .filter((each) => CHANGED.has(each.state) && changesAnything(each) && (each.endedAt ?? '') >= createdAt)
    .toSorted((a, b) => (a.endedAt! > b.endedAt! ? -1 : 1));
  // Each of them made the number grow by one, a purge too: there cannot be more.
  const newer = ended.slice(0, Math.min(NAMED, revision - basis)).map(({ syncId }) => syncId);
  const what = newer.length > 0 ? 'The roster was changed' : 'Records that had outlived their retention were deleted';
  return refused('stale', `${what} after this plan was made. Reject it, and let the next export be planned.`, {
    newer,
  });
}

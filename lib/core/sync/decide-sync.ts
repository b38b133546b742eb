import type { DistrictSettings } from '../district/settings.ts';
import type { Hold } from '../limits/hold.ts';
import type { PlanResult } from '../plan/plan-input.ts';
import { isDryRun } from './choose-delivery.ts';
import type { SyncState } from './states.ts';
import type { Delivery, DistrictState, Sync } from './sync.ts';

/** What a plan leads to (design §4, states; R11, R14). */
export interface Decision {
  readonly state: Extract<SyncState, 'rejected' | 'incomplete' | 'unchanged' | 'checked' | 'held' | 'applying'>;
  readonly holds: readonly Hold[];
}

/** Decides what becomes of a plan. `crossed`: the limits that it crosses. Pure; the first reason that applies wins. */
export function decideSync(
  result: Pick<PlanResult, 'verdict' | 'changes'>,
  crossed: readonly Hold[],
  delivery: Pick<Delivery, 'folder'>,
  settings: Pick<DistrictSettings, 'firstSync'>,
  state: DistrictState,
): Decision {
  if (result.verdict !== 'accepted') return { state: result.verdict, holds: [] };
  if (isDryRun(delivery)) return { state: 'checked', holds: crossed };
  if (!changesAnything(result)) return { state: 'unchanged', holds: [] };
  const holds: Hold[] = [];
  // An empty export that changed nothing was no first sync: nobody has seen the counts yet.
  if (state.revision === 0 && settings.firstSync === 'hold') {
    holds.push(FIRST_SYNC_HOLD);
  }
  if (state.syncPaused) holds.push({ code: 'paused', message: 'Syncs of this district are paused.' });
  holds.push(...crossed);
  return { state: holds.length > 0 ? 'held' : 'applying', holds };
}

/** R11: a person looks at a district's first plan. */
export const FIRST_SYNC_HOLD: Hold = {
  code: 'first-sync',
  message: 'The first sync of a district waits until a person has seen its counts.',
};

/** Whether a plan has anything to apply. */
export const changesAnything = ({ changes }: Pick<Sync, 'changes'>): boolean =>
  Object.values(changes).some(({ add, update, deactivate, reactivate }) => add + update + deactivate + reactivate > 0);

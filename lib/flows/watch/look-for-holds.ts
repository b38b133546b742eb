import type { RollcallEvent } from '../../contracts/events.ts';
import { heldEvent } from '../sync-event.ts';
import type { Look } from './watched-district.ts';

const DAY_MILLIS = 86_400_000;

/** R11: a held plan is raised again every day that it waits. When it was held, the plan itself has raised it. */
export const lookForHolds: Look = async ({ log }, { settings, now }, memory) => {
  const { districtId } = settings;
  const state = await log.state(districtId);
  const heldDays: Record<string, number> = {};
  const events: RollcallEvent[] = [];
  // Rows that were written before held syncs were listed lack the list.
  for (const syncId of state.heldSyncIds ?? []) {
    const sync = await log.get(districtId, syncId);
    if (sync?.state !== 'held') continue;
    const toldDays = memory.heldDays[syncId] ?? 0;
    const waitingDays = Math.floor((now.getTime() - Date.parse(sync.createdAt)) / DAY_MILLIS);
    heldDays[syncId] = Math.max(waitingDays, toldDays);
    if (waitingDays <= toldDays) continue;
    events.push(heldEvent(sync, waitingDays));
  }
  return { memory: { ...memory, heldDays }, events };
};

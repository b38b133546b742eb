import type { Events } from '../ports/events.ts';
import type { SyncLog } from '../ports/ledger.ts';
import { eventOf } from './sync-event.ts';

/** Latest syncs among which untold ones are looked for: `watch` comes every quarter of an hour. */
const LOOKED_AT = 20;

interface TellPorts {
  readonly log: SyncLog;
  readonly events: Events;
}

/**
 * Tells the outside what it was not told yet of the district's latest syncs, oldest first. Each is marked after it was
 * told: at least once, whatever fails in between. Returns how many events were told.
 *
 * @throws where the bus or the table does not answer; the next `watch` tries again.
 */
export async function demandTold({ log, events }: TellPorts, districtId: string): Promise<number> {
  let told = 0;
  for (const sync of (await log.list(districtId, LOOKED_AT)).toReversed()) {
    if (sync.untold.length === 0) continue;
    for (const state of sync.untold) {
      const event = eventOf(sync, state);
      if (event === null) continue;
      await events.emit(event);
      told++;
    }
    await log.markTold(districtId, sync.syncId, sync.untold);
  }
  return told;
}

/**
 * The same as the last thing that a worker does, after its lease is free and the next delivery has its turn: a bus that
 * does not answer never fails or delays a sync. What stays untold, `watch` tells, and says so when it cannot.
 */
export async function tellUntold(ports: TellPorts, districtId: string): Promise<void> {
  try {
    await demandTold(ports, districtId);
  } catch {
    // Not lost: it is still written as untold.
  }
}

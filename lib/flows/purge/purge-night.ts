import { needsSweep } from '../../core/district/departure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Departures } from '../../ports/departures.ts';
import type { Districts } from '../../ports/districts.ts';
import type { PurgeQueue } from '../../ports/queues.ts';

/** What the nightly look works with. */
export interface NightPorts {
  readonly clock: Clock;
  readonly districts: Pick<Districts, 'list'>;
  readonly departures: Pick<Departures, 'list'>;
  readonly purges: PurgeQueue;
}

/** Over so many seconds the districts are spread, so that they do not all read the table at once. SQS's longest delay. */
const SPREAD_SECONDS = 900;

/**
 * Asks for the deletions of a night (R22): of every district what its retention time is over for, and of those that have
 * left what came late or was not finished. Two nights at once do no harm. Returns how many districts it asked about.
 */
export async function purgeNight({ clock, districts, departures, purges }: NightPorts): Promise<number> {
  const now = clock.now();
  const left = (await departures.list()).filter((departure) => needsSweep(departure, now));
  for (const { districtId } of left) await purges.sendPurge({ type: 'sweep', districtId, hop: 0 }, 0);
  const all = await districts.list();
  for (const [index, { settings }] of all.entries()) {
    const { districtId } = settings;
    const delay = Math.floor((index * SPREAD_SECONDS) / all.length);
    await purges.sendPurge({ type: 'retention', districtId, hop: 0, attempt: 0 }, delay);
  }
  return left.length + all.length;
}

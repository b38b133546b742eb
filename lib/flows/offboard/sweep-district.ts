import type { SweepMessage } from '../../contracts/messages.ts';
import { districtPrefixes } from '../../contracts/object-keys.ts';
import { type Departure, endsOf } from '../../core/district/departure.ts';
import { ServiceBusy } from '../../ports/failure.ts';
import type { TimeLeft } from '../apply-ports.ts';
import { countHoldings } from './count-holdings.ts';
import { type OffboardPorts, PURGE_RESERVE } from './offboard-ports.ts';

/** What a sweep came to. */
export type SweepOutcome =
  /** There is no tombstone: nothing of this district is deleted. */
  | 'not-left'
  /** Time is up: the rest was sent to the queue. */
  | 'continued'
  /** Nothing is left that can be deleted. */
  | 'gone';

/** The most that SQS delays a message, seconds: as long as any worker lives that read the settings before they went. */
const SECOND_LOOK_SECONDS = 900;

/** Continuations of one sweep. At four minutes of work each that is 66 hours: more is a loop, not a district. */
const MAX_HOPS = 1_000;

/**
 * Deletes what there is of a district that has left: first it counts, once, for the certificate; then it deletes, as far
 * as its time goes; then it looks a second time, for what slow workers have written since. Each part may be repeated, and
 * two at once delete the same rows.
 */
export async function sweepDistrict(
  ports: OffboardPorts,
  message: SweepMessage,
  timeLeft: TimeLeft,
): Promise<SweepOutcome> {
  const { districtId, hop } = message;
  const known = await ports.departures.find(districtId);
  if (known === null) return 'not-left';
  if (hop >= MAX_HOPS) throw new Error('an off-boarding has continued itself too often');
  if (known.departure.found === null) {
    const found = await countHoldings(ports, districtId);
    await remember(ports, districtId, (departure) => (departure.found === null ? { ...departure, found } : departure));
  }
  let deleted = 0;
  for await (const count of everything(ports, districtId)) {
    deleted += count;
    if (timeLeft() >= PURGE_RESERVE) continue;
    await ports.purges.sendPurge({ ...message, hop: hop + 1 }, 0);
    await remember(ports, districtId, (departure) => withLate(departure, deleted));
    return 'continued';
  }
  const now = ports.clock.now();
  const isFirst = known.departure.goneAt === null;
  if (isFirst) await ports.purges.sendPurge({ type: 'sweep', districtId, hop: 0 }, SECOND_LOOK_SECONDS);
  await remember(ports, districtId, (departure) =>
    departure.goneAt === null
      ? { ...departure, goneAt: now.toISOString(), ends: endsOf(now, ports.shelfLives) }
      : { ...withLate(departure, isFirst ? 0 : deleted), sweptAt: now.toISOString() },
  );
  return 'gone';
}

/** Deletes all of it, batch by batch. Rows first: they lead nobody to objects that are gone. */
async function* everything(ports: OffboardPorts, districtId: string): AsyncGenerator<number> {
  for await (const batch of ports.rows.remove(districtId))
    yield Object.values(batch).reduce((sum, count) => sum + count, 0);
  const { landing, deliveries, plans } = districtPrefixes(districtId);
  yield* ports.landingVersions.remove(landing);
  yield* ports.archiveVersions.remove(deliveries);
  yield* ports.archiveVersions.remove(plans);
}

/** What comes after all was gone is told apart from what was there. */
const withLate = (departure: Departure, deleted: number): Departure =>
  departure.goneAt === null || deleted === 0 ? departure : { ...departure, late: departure.late + deleted };

/** Two sweeps at once may write at the same moment; a third and fourth are unlikely. */
const MAX_TRIES = 10;

async function remember(
  { departures }: OffboardPorts,
  districtId: string,
  change: (departure: Departure) => Departure,
): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const known = await departures.find(districtId);
    if (known === null) throw new Error('a tombstone is gone');
    const changed = change(known.departure);
    if (changed === known.departure || (await departures.save(changed, known.version)) === 'saved') return;
  }
  throw new ServiceBusy('others write what has become of the district');
}

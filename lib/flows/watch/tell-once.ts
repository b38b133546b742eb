import type { WatchMemory } from '../../ports/watch-log.ts';
import type { Seen, WatchPorts } from './watched-district.ts';

/** A watch that has not told what it decided after so long is dead (its function ends after five); another tells. Minutes. */
const TELLS_WITHIN_MINUTES = 10;

/**
 * Looks at a district and tells what is new. What was decided is written before it is told, under the version that was
 * read: of two watches at once, one tells. What a dead watch left untold, the next one tells. Returns how many events
 * were told.
 *
 * @param watcher names this very watch.
 */
export async function tellOnce(
  { watchLog, events, clock }: Pick<WatchPorts, 'watchLog' | 'events' | 'clock'>,
  districtId: string,
  watcher: string,
  look: (memory: WatchMemory) => Promise<Seen>,
): Promise<number> {
  const { memory, version } = await watchLog.read(districtId);
  if (isTelling(memory, clock.now())) return 0;
  const seen = await look(memory);
  const untold = [...memory.untold, ...seen.events];
  const untoldSince = untold.length > 0 ? clock.now().toISOString() : null;
  const decided: WatchMemory = { ...seen.memory, untold, untoldSince };
  if (JSON.stringify(decided) === JSON.stringify(memory)) return 0;
  if ((await watchLog.write(districtId, decided, version, watcher)) === 'conflict') return 0;
  for (const event of untold) await events.emit(event);
  if (untold.length > 0) {
    await watchLog.write(districtId, { ...decided, untold: [], untoldSince: null }, version + 1, watcher);
  }
  return untold.length;
}

/** Whether another watch may be amid telling: what it has decided is in the memory, and perhaps already told. */
const isTelling = ({ untold, untoldSince }: WatchMemory, now: Date): boolean =>
  untold.length > 0 && untoldSince !== null && now.getTime() - Date.parse(untoldSince) < TELLS_WITHIN_MINUTES * 60_000;

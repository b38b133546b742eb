import type { RollcallEvent } from '../../contracts/events.ts';
import { startNext } from '../start-next.ts';
import type { Look, WatchedDistrict, WatchPorts } from './watched-district.ts';

/** A delivery that has just been received has its message on the way; one that waits so long has lost it. Minutes. */
const LEFT_ALONE_MINUTES = 5;

/**
 * R15: work whose message was lost, or whose worker died, is started again: an apply that began, else a delivery that
 * waits. What waits for a suspended district to go on is not stuck (R14), nor is a delta whose base was not taken: another
 * look tells of that. A live worker is left alone: it starts the next by itself. Told once for each sync or delivery.
 */
export const resumeStuck: Look = async (ports, district, memory) => {
  const { districtId } = district.settings;
  const stuck = await findStuck(ports, district);
  if (stuck === null) return { memory: { ...memory, resumedId: null }, events: [] };
  if (!(await ports.leases.isFree(districtId))) return { memory, events: [] };
  await startNext(ports, districtId);
  return stuck.id === memory.resumedId
    ? { memory, events: [] }
    : { memory: { ...memory, resumedId: stuck.id }, events: [stuck.event] };
};

async function findStuck(
  { log }: WatchPorts,
  { settings: { districtId, suspended }, now, waiting }: WatchedDistrict,
): Promise<{ readonly id: string; readonly event: RollcallEvent } | null> {
  const { applyingSyncId: syncId } = await log.state(districtId);
  if (syncId !== null) return { id: syncId, event: { type: 'rollcall.sync.resumed', districtId, syncId } };
  if (suspended) return null;
  const since = now.getTime() - LEFT_ALONE_MINUTES * 60_000;
  const left = (await waiting()).ready.find(({ receivedAt, openedAt }) => Date.parse(receivedAt ?? openedAt) <= since);
  if (left === undefined) return null;
  const { deliveryId } = left;
  return { id: deliveryId, event: { type: 'rollcall.delivery.resumed', districtId, deliveryId } };
}

import { type ExpectedDelivery, isLate, lastDue } from '../../core/district/calendar.ts';
import type { DeliveryCalendar } from '../../core/district/calendar-settings.ts';
import type { WatchMemory } from '../../ports/watch-log.ts';
import { recentDeliveries } from './recent-deliveries.ts';
import type { Look, WatchedDistrict, WatchPorts } from './watched-district.ts';

/** Enough to find the last real delivery behind dry runs and sets that never became whole. */
const LOOKED_AT = 60;

/** What an expectation is made of; holidays and blackouts only take days away. */
const rhythmOf = ({ days, time, graceMinutes }: DeliveryCalendar, timeZone: string): string =>
  [...days.toSorted(), time, graceMinutes, timeZone].join(' ');

/**
 * R17: tells an expected delivery that has not come by the end of its grace. Each expected day is judged once, when it is
 * due. A calendar counts from when it was first seen: setting it at noon says nothing about last night. A suspended
 * district cannot deliver.
 */
export const lookForLate: Look = async (ports, district, memory) => {
  const { settings, now } = district;
  const { districtId, calendar, timeZone } = settings;
  if (calendar === null || settings.suspended) {
    return { memory: { ...memory, expecting: null, judgedDate: null }, events: [] };
  }
  const rhythm = rhythmOf(calendar, timeZone);
  if (memory.expecting?.rhythm !== rhythm) {
    const expecting = { rhythm, since: now.toISOString() };
    return { memory: { ...memory, expecting, judgedDate: null }, events: [] };
  }
  const due = lastDue(now, calendar, timeZone);
  const isOld = due === null || due.localDate <= (memory.judgedDate ?? '');
  if (isOld || due.expectedAt.getTime() <= Date.parse(memory.expecting.since)) return { memory, events: [] };
  const late = await findMissing(ports, district, memory);
  const judged = { ...memory, judgedDate: due.localDate };
  if (late === null) return { memory: judged, events: [] };
  const times = { expectedAt: late.expectedAt.toISOString(), dueAt: late.dueAt.toISOString() };
  return {
    memory: judged,
    events: [{ type: 'rollcall.sync.late', districtId, localDate: late.localDate, ...times }],
  };
};

/** The delivery that should be here at this moment and is not, told or not; null where it came, or none is expected. */
export async function findMissing(
  { ledger }: Pick<WatchPorts, 'ledger'>,
  { settings, now }: WatchedDistrict,
  { expecting }: Pick<WatchMemory, 'expecting'>,
): Promise<ExpectedDelivery | null> {
  const { districtId, calendar, timeZone, suspended } = settings;
  if (calendar === null || suspended || expecting?.rhythm !== rhythmOf(calendar, timeZone)) return null;
  const due = lastDue(now, calendar, timeZone);
  if (due === null || due.expectedAt.getTime() <= Date.parse(expecting.since)) return null;
  const [last] = await recentDeliveries(ledger, districtId, LOOKED_AT);
  return isLate(now, last === undefined ? null : new Date(last.receivedAt), calendar, timeZone);
}

import { type DeliveryCalendar, WEEKDAYS } from './calendar-settings.ts';
import { localDate } from './local-date.ts';
import { addDays, instantOf } from './local-time.ts';

/**
 * A delivery counts for an expected time that is at most so many hours ahead: someone who uploads in the evening what the
 * night's schedule would bring need not be told at dawn. Less than the shortest distance between two expected times (23 h,
 * where clocks are set forward) minus a late morning: what came late for one day never counts for the next.
 */
export const EARLY_HOURS = 6;

/**
 * How far back a miss is looked for, days: a week, so that a district with one day a week has one in it; a day of grace;
 * and one for `watch` itself being out of order. Older misses are not worth telling.
 */
const LOOK_BACK_DAYS = 9;

const MINUTE_MILLIS = 60_000;
const HOUR_MILLIS = 60 * MINUTE_MILLIS;
const DAY_MILLIS = 24 * HOUR_MILLIS;

/** A delivery that the calendar promises. */
export interface ExpectedDelivery {
  /** The day that it belongs to, `YYYY-MM-DD` in the district's own time: names a miss, so that it is told once. */
  readonly localDate: string;
  readonly expectedAt: Date;
  /** When it is late: after the grace time. */
  readonly dueAt: Date;
}

/** Whether the district delivers on this day, `YYYY-MM-DD`. */
export function isDeliveryDay(date: string, { days, holidays, blackouts }: DeliveryCalendar): boolean {
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  if (weekday === undefined || !days.includes(weekday) || holidays.includes(date)) return false;
  return !blackouts.some(({ from, to }) => from <= date && date <= to);
}

/** The deliveries that the calendar expects after one instant and up to another, oldest first (R17). */
export function expectedDeliveries(
  after: Date,
  until: Date,
  calendar: DeliveryCalendar,
  timeZone: string,
): readonly ExpectedDelivery[] {
  const expected: ExpectedDelivery[] = [];
  // A day more on both sides: a time that a day's clocks never show may belong to the next one.
  const last = addDays(localDate(until, timeZone), 1);
  for (let date = addDays(localDate(after, timeZone), -1); date <= last; date = addDays(date, 1)) {
    if (!isDeliveryDay(date, calendar)) continue;
    const expectedAt = instantOf(date, calendar.time, timeZone);
    if (expectedAt <= after || expectedAt > until) continue;
    const dueAt = new Date(expectedAt.getTime() + calendar.graceMinutes * MINUTE_MILLIS);
    expected.push({ localDate: date, expectedAt, dueAt });
  }
  return expected;
}

/** The last delivery that should be here by now, or null where there was none lately. */
export function lastDue(now: Date, calendar: DeliveryCalendar, timeZone: string): ExpectedDelivery | null {
  const after = new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MILLIS);
  const expected = expectedDeliveries(after, now, calendar, timeZone);
  return expected.filter(({ dueAt }) => dueAt <= now).at(-1) ?? null;
}

/** Whether a delivery that was received at this instant counts for an expected one, or for a later one. */
export const countsFor = (receivedAt: Date, { expectedAt }: ExpectedDelivery): boolean =>
  receivedAt.getTime() >= expectedAt.getTime() - EARLY_HOURS * HOUR_MILLIS;

/**
 * The delivery that should be here by now and is not, or null (R17). The same answer until the next one is due: whoever
 * tells it remembers `localDate`.
 *
 * @param lastReceivedAt when the district's last whole delivery was received; null where it never had one.
 */
export function isLate(
  now: Date,
  lastReceivedAt: Date | null,
  calendar: DeliveryCalendar,
  timeZone: string,
): ExpectedDelivery | null {
  const due = lastDue(now, calendar, timeZone);
  if (due === null || (lastReceivedAt !== null && countsFor(lastReceivedAt, due))) return null;
  return due;
}

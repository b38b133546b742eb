const DAY_MILLIS = 86_400_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than using it a hundred times. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const two = '2-digit';
  const options = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const;
  const clock = new Intl.DateTimeFormat('en-US', { ...options, timeZone, calendar: 'gregory', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  return clock;
}

/** How far the zone's clocks are ahead of UTC at an instant (both in milliseconds). */
function offsetAt(instant: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant at which clocks in the zone show this date (`YYYY-MM-DD`) and time (`HH:MM`). Where clocks are set back and
 * show it twice: the second time. Where they are set forward and never show it: as much later as they were set forward, so
 * that 02:30 becomes 03:30. Both are the later choice: whoever waits for something at that time waits long enough.
 */
export function instantOf(date: string, time: string, timeZone: string): Date {
  const wall = Date.parse(`${date}T${time}:00Z`);
  // No zone is a day away from UTC: what its clocks showed before and after any change of that day are among these.
  const offsets = [wall - DAY_MILLIS, wall + DAY_MILLIS].map((near) => offsetAt(near, timeZone));
  const candidates = offsets.map((offset) => wall - offset);
  const shown = candidates.filter((each) => each + offsetAt(each, timeZone) === wall);
  return new Date(Math.max(...(shown.length > 0 ? shown : candidates)));
}

/** The day that comes so many days after another one, both `YYYY-MM-DD`. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MILLIS).toISOString().slice(0, 10);

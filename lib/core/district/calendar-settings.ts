import * as z from 'zod';

const day = z.iso.date();

/** Names of the days as they stand in a calendar, in the order of `Date.getUTCDay`. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** When a district's exports are expected (R17). The time zone is the district's own, a setting beside this one. */
export const calendarSchema = z.strictObject({
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'names a day twice')
    .describe('the days on which an export comes: sun, mon, tue, wed, thu, fri, sat'),
  time: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 02:30')
    .describe('the local time at which the export runs, HH:MM'),
  graceMinutes: z
    .int()
    .min(0)
    .max(1440)
    .default(120)
    .describe('how long after that time it must be here and whole, quiet time included, minutes'),
  holidays: z.array(day).max(400).default([]).describe('days without an export, YYYY-MM-DD'),
  blackouts: z
    .array(
      z
        .strictObject({
          from: day.describe('first day without exports, YYYY-MM-DD'),
          to: day.describe('last day without exports, YYYY-MM-DD'),
        })
        .refine(({ from, to }) => from <= to, { path: ['to'], error: 'is before the first day' }),
    )
    .max(50)
    .default([])
    .describe('weeks without exports, such as the summer; both ends included'),
});

/** A district's own delivery days (R17). */
export type DeliveryCalendar = z.infer<typeof calendarSchema>;

/** Names that were found good: asking costs 0.3 ms, and every sign-on reads settings. There are some 600 in the world. */
const knownZones = new Set<string>();

/**
 * Places of the IANA database: an area and a place, in its own capitals, and the three old families of names that people
 * still write (`US/Central`). `EST` and `Etc/GMT+5` are in the database too, and know no summer time: nobody means them.
 */
const PLACE =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Canada|Europe|Indian|Mexico|Pacific|US)(?:\/[A-Z][A-Za-z_-]*)+$/;

/** Whether it is the name of a time zone that this machine knows: a place or `UTC`, not an offset such as `+05:00`. */
export function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (!PLACE.test(name) && name !== 'UTC') return false;
  try {
    if (new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === '') return false;
  } catch {
    return false;
  }
  knownZones.add(name);
  return true;
}

import { assert, constantFrom, integer, property } from 'fast-check';
import { addDays, instantOf } from '../../../lib/core/district/local-time.ts';

describe('a local time becomes one instant', () => {
  test.each([
    ['an ordinary winter day', 'America/New_York', '2026-01-15', '02:30', '2026-01-15T07:30:00.000Z'],
    ['an ordinary summer day', 'America/New_York', '2026-07-15', '02:30', '2026-07-15T06:30:00.000Z'],
    ['the last minute before clocks go forward', 'America/New_York', '2026-03-08', '01:59', '2026-03-08T06:59:00.000Z'],
    ['a time that clocks jump over', 'America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30:00.000Z'],
    ['the first minute after the jump', 'America/New_York', '2026-03-08', '03:00', '2026-03-08T07:00:00.000Z'],
    ['before the hour that comes twice', 'America/New_York', '2026-11-01', '00:59', '2026-11-01T04:59:00.000Z'],
    ['in the hour that comes twice', 'America/New_York', '2026-11-01', '01:30', '2026-11-01T06:30:00.000Z'],
    ['after the hour that comes twice', 'America/New_York', '2026-11-01', '02:00', '2026-11-01T07:00:00.000Z'],
    ['a zone that never changes', 'America/Phoenix', '2026-03-08', '02:30', '2026-03-08T09:30:00.000Z'],
    ['half an hour off', 'Asia/Kolkata', '2026-11-23', '06:15', '2026-11-23T00:45:00.000Z'],
    ['three quarters of an hour off', 'Asia/Kathmandu', '2026-11-23', '00:15', '2026-11-22T18:30:00.000Z'],
    ['half an hour off, and changing', 'America/St_Johns', '2026-03-08', '02:15', '2026-03-08T05:45:00.000Z'],
    ['changes by half an hour: jumped over', 'Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45:00.000Z'],
    ['changes by half an hour: twice', 'Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T15:15:00.000Z'],
    ['the south, in its summer', 'America/Santiago', '2026-01-15', '02:30', '2026-01-15T05:30:00.000Z'],
    ['the south, going forward in spring', 'Australia/Sydney', '2026-10-04', '02:30', '2026-10-03T16:30:00.000Z'],
    ['the south, going back in autumn', 'Australia/Sydney', '2026-04-05', '02:30', '2026-04-04T16:30:00.000Z'],
    ['midnight that clocks jump over', 'America/Santiago', '2026-09-06', '00:00', '2026-09-06T04:00:00.000Z'],
    ['a day that a whole country jumped over', 'Pacific/Apia', '2011-12-30', '12:00', '2011-12-30T22:00:00.000Z'],
    ['east of the date line', 'Pacific/Kiritimati', '2026-01-01', '00:30', '2025-12-31T10:30:00.000Z'],
    ['UTC', 'UTC', '2028-02-29', '23:59', '2028-02-29T23:59:00.000Z'],
  ])('%s: %s %s %s', (_, timeZone, date, time, expected) => {
    expect(instantOf(date, time, timeZone).toISOString()).toBe(expected);
  });
});

const MINUTE = 60_000;

const ZONES = [
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Asuncion',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Chatham',
  'Pacific/Apia',
];

const clocks = new Map(
  ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }),
  ]),
);

/** What clocks in the zone show, `YYYY-MM-DD HH:MM`, as another part of Intl writes it. */
const shownAt = (instant: number, timeZone: string): string => clocks.get(timeZone)?.format(instant) ?? '';

/** Looks at the clock every minute of three days: the last minute that shows the time, or as long after the jump. */
function bySearching(date: string, time: string, timeZone: string): number {
  const wanted = `${date} ${time}`;
  const noon = Date.parse(`${date}T12:00:00Z`);
  let last: number | null = null;
  let before = noon - 36 * 60 * MINUTE;
  for (let at = before; at <= noon + 36 * 60 * MINUTE; at += MINUTE) {
    const shown = shownAt(at, timeZone);
    if (shown === wanted) last = at;
    if (shown < wanted) before = at;
  }
  if (last !== null) return last;
  const lastShown = Date.parse(`${shownAt(before, timeZone).replace(' ', 'T')}:00Z`);
  return before + Date.parse(`${date}T${time}:00Z`) - lastShown;
}

/** Days on which the zone's clocks change in these years, and those beside them. */
function daysOfChange(timeZone: string): readonly string[] {
  const days: string[] = [];
  const noonIn = (date: string) => shownAt(Date.parse(`${date}T12:00:00Z`), timeZone).slice(11);
  for (let date = '2025-01-02'; date < '2027-01-01'; date = addDays(date, 1)) {
    if (noonIn(date) !== noonIn(addDays(date, -1))) days.push(addDays(date, -1), date);
  }
  return days;
}

test('agrees with looking at the clock every minute, on the days when clocks change and on others', () => {
  const days = new Map(ZONES.map((zone) => [zone, [...daysOfChange(zone), '2026-06-30', '2026-12-31']]));
  expect([...days.values()].flat().length).toBeGreaterThan(70);
  const law = property(constantFrom(...ZONES), integer(), integer({ min: 0, max: 1439 }), (zone, pick, minute) => {
    const choices = days.get(zone) ?? [];
    const date = choices[Math.abs(pick) % choices.length] ?? '';
    // Most changes are in the small hours.
    const inDay = minute % 3 === 0 ? minute : minute % 240;
    const time = new Date(inDay * MINUTE).toISOString().slice(11, 16);
    expect(instantOf(date, time, zone).getTime()).toBe(bySearching(date, time, zone));
  });
  assert(law, { numRuns: 60 });
});

test.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2026-01-01', -1, '2025-12-31'],
  ['2026-03-08', 1, '2026-03-09'],
])('%s and %d days is %s', (date, days, expected) => {
  expect(addDays(date, days)).toBe(expected);
});

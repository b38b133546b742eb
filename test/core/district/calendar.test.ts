import {
  array,
  assert,
  constantFrom,
  date as dates,
  integer,
  property,
  record,
  subarray,
  uniqueArray,
} from 'fast-check';
import { expectedDeliveries, isDeliveryDay, isLate, lastDue } from '../../../lib/core/district/calendar.ts';
import { calendarSchema, type DeliveryCalendar, WEEKDAYS } from '../../../lib/core/district/calendar-settings.ts';
import { addDays } from '../../../lib/core/district/local-time.ts';

const NEW_YORK = 'America/New_York';
const at = (iso: string) => new Date(iso);

/** Monday to Friday at 02:30, two hours of grace. */
const schoolDays = (more: Partial<DeliveryCalendar> = {}): DeliveryCalendar =>
  calendarSchema.parse({ days: ['mon', 'tue', 'wed', 'thu', 'fri'], time: '02:30', ...more });

describe('R17: delivery days', () => {
  test.each([
    ['2026-11-23', true, 'a Monday'],
    ['2026-11-22', false, 'a Sunday'],
    ['2026-11-26', false, 'a holiday'],
    ['2026-06-15', false, 'the first day of a blackout'],
    ['2026-07-15', false, 'amid a blackout'],
    ['2026-08-14', false, 'the last day of a blackout'],
    ['2026-06-12', true, 'the Friday before a blackout'],
    ['2026-08-17', true, 'the Monday after a blackout'],
  ])('%s: %p, %s', (date, expected) => {
    const calendar = schoolDays({ holidays: ['2026-11-26'], blackouts: [{ from: '2026-06-15', to: '2026-08-14' }] });
    expect(isDeliveryDay(date, calendar)).toBe(expected);
  });
});

describe('R17: what was expected between two instants', () => {
  const dates = (after: string, until: string, calendar: DeliveryCalendar, zone = NEW_YORK) =>
    expectedDeliveries(at(after), at(until), calendar, zone).map(({ localDate }) => localDate);

  test('a week with a holiday', () => {
    const calendar = schoolDays({ holidays: ['2026-11-26', '2026-11-27'] });
    expect(dates('2026-11-21T00:00:00Z', '2026-11-30T07:30:00Z', calendar)).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-30',
    ]);
  });

  test('the first instant is not in it, the last one is', () => {
    const calendar = schoolDays();
    expect(dates('2026-11-23T07:30:00Z', '2026-11-24T07:30:00Z', calendar)).toEqual(['2026-11-24']);
    expect(dates('2026-11-23T07:30:00Z', '2026-11-24T07:29:59Z', calendar)).toEqual([]);
  });

  test('the night when clocks go forward has one, and so has the night when they go back', () => {
    const calendar = schoolDays({ days: [...WEEKDAYS], time: '02:30' });
    const spring = expectedDeliveries(at('2026-03-07T12:00Z'), at('2026-03-09T12:00Z'), calendar, NEW_YORK);
    expect(spring.map(({ expectedAt }) => expectedAt.toISOString())).toEqual([
      '2026-03-08T07:30:00.000Z',
      '2026-03-09T06:30:00.000Z',
    ]);
    const twice = schoolDays({ days: [...WEEKDAYS], time: '01:30', graceMinutes: 30 });
    const autumn = expectedDeliveries(at('2026-10-31T12:00Z'), at('2026-11-02T12:00Z'), twice, NEW_YORK);
    expect(autumn.map(({ expectedAt, dueAt }) => [expectedAt.toISOString(), dueAt.toISOString()])).toEqual([
      ['2026-11-01T06:30:00.000Z', '2026-11-01T07:00:00.000Z'],
      ['2026-11-02T06:30:00.000Z', '2026-11-02T07:00:00.000Z'],
    ]);
  });

  test('the day is the one of the district, not of UTC', () => {
    const calendar = schoolDays({ days: ['mon'], time: '23:30' });
    expect(expectedDeliveries(at('2026-11-20T00:00Z'), at('2026-11-27T00:00Z'), calendar, NEW_YORK)).toEqual([
      { localDate: '2026-11-23', expectedAt: at('2026-11-24T04:30:00Z'), dueAt: at('2026-11-24T06:30:00Z') },
    ]);
    expect(dates('2026-11-20T00:00Z', '2026-11-27T00:00Z', calendar, 'Pacific/Auckland')).toEqual(['2026-11-23']);
  });
});

const calendars = record({
  days: subarray([...WEEKDAYS], { minLength: 1 }),
  time: integer({ min: 0, max: 1439 }).map((minute) => new Date(minute * 60_000).toISOString().slice(11, 16)),
  graceMinutes: integer({ min: 0, max: 1440 }),
  holidays: uniqueArray(
    integer({ min: 0, max: 60 }).map((day) => addDays('2026-10-01', day)),
    { maxLength: 5 },
  ),
  blackouts: array(
    record({ from: integer({ min: 0, max: 50 }), length: integer({ min: 0, max: 10 }) }).map(({ from, length }) => ({
      from: addDays('2026-10-01', from),
      to: addDays('2026-10-01', from + length),
    })),
    { maxLength: 2 },
  ),
});
const zones = constantFrom('America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Santiago');
const instants = dates({ min: at('2026-10-05T00:00Z'), max: at('2026-11-25T00:00Z'), noInvalidDate: true });

describe('R17: laws of the calendar', () => {
  test('a span is what its two halves are', () => {
    const law = property(calendars, zones, instants, instants, instants, (calendar, zone, ...three) => {
      const [a, b, c] = three.toSorted((x, y) => x.getTime() - y.getTime()) as [Date, Date, Date];
      const whole = expectedDeliveries(a, c, calendar, zone);
      expect([...expectedDeliveries(a, b, calendar, zone), ...expectedDeliveries(b, c, calendar, zone)]).toEqual(whole);
      expect(new Set(whole.map(({ localDate }) => localDate)).size).toBe(whole.length);
    });
    assert(law, { numRuns: 200 });
  });

  test('counted by looking at the clock every five minutes: each delivery day once', () => {
    const law = property(calendars, zones, instants, (calendar, zone, start) => {
      const onTheFive = { ...calendar, time: `${calendar.time.slice(0, 4)}${calendar.time.endsWith('5') ? 5 : 0}` };
      const from = new Date(Math.floor(start.getTime() / 300_000) * 300_000);
      const until = new Date(from.getTime() + 2 * 86_400_000);
      const seen = new Set<string>();
      const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
      const weekdays = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' });
      for (let time = from.getTime() + 300_000; time <= until.getTime(); time += 300_000) {
        const [day = '', clock] = wall.format(time).split(' ');
        const weekday = weekdays.format(time);
        const closed =
          calendar.holidays.includes(day) || calendar.blackouts.some(({ from, to }) => day >= from && day <= to);
        if (clock !== onTheFive.time || closed) continue;
        if ((calendar.days as string[]).includes(weekday.toLowerCase())) seen.add(day);
      }
      const expected = expectedDeliveries(from, until, onTheFive, zone).map(({ localDate }) => localDate);
      // A time that clocks jump over or show twice is for the tests of local-time.
      const changes = ['2026-10-04', '2026-11-01'];
      expect(expected.filter((day) => !changes.includes(day))).toEqual(
        [...seen].filter((day) => !changes.includes(day)),
      );
    });
    assert(law, { numRuns: 60 });
  });

  test('nothing is late before its grace is over, and what was received since is never late', () => {
    const law = property(calendars, zones, instants, (calendar, zone, now) => {
      const due = lastDue(now, calendar, zone);
      if (due !== null) expect(due.dueAt.getTime()).toBeLessThanOrEqual(now.getTime());
      expect(isLate(now, null, calendar, zone)).toEqual(due);
      expect(isLate(now, now, calendar, zone)).toBeNull();
    });
    assert(law, { numRuns: 200 });
  });
});

describe('R17: late', () => {
  const late = (now: string, received: string | null, calendar = schoolDays(), zone = NEW_YORK) =>
    isLate(at(now), received === null ? null : at(received), calendar, zone)?.localDate ?? null;

  test.each([
    ['a minute before its grace is over', '2026-11-24T09:29:00Z', '2026-11-23T07:40:00Z', null],
    ['when its grace is over', '2026-11-24T09:30:00Z', '2026-11-23T07:40:00Z', '2026-11-24'],
    ['received within the grace', '2026-11-24T09:30:00Z', '2026-11-24T09:00:00Z', null],
    ['received six hours before', '2026-11-24T09:30:00Z', '2026-11-24T01:30:00Z', null],
    ['received a minute before that', '2026-11-24T09:30:00Z', '2026-11-24T01:29:00Z', '2026-11-24'],
    ['received late, but received', '2026-11-24T20:00:00Z', '2026-11-24T19:00:00Z', null],
    ['a late one of yesterday is not of today', '2026-11-25T09:30:00Z', '2026-11-24T19:00:00Z', '2026-11-25'],
    ['on a Sunday, the miss of Friday is still the last', '2026-11-22T12:00:00Z', '2026-11-19T07:40:00Z', '2026-11-20'],
    ['on a Sunday, after a good Friday', '2026-11-22T12:00:00Z', '2026-11-20T07:40:00Z', null],
    ['a district that never had one', '2026-11-24T09:30:00Z', null, '2026-11-24'],
  ])('%s', (_, now, received, expected) => {
    expect(late(now, received)).toBe(expected);
  });

  test('within a long blackout nothing is late any more', () => {
    const calendar = schoolDays({ blackouts: [{ from: '2026-06-15', to: '2026-08-14' }] });
    expect(late('2026-07-20T12:00:00Z', '2026-06-10T07:40:00Z', calendar)).toBeNull();
    expect(late('2026-08-17T08:29:00Z', '2026-06-10T07:40:00Z', calendar)).toBeNull();
    expect(late('2026-08-17T08:30:00Z', '2026-06-10T07:40:00Z', calendar)).toBe('2026-08-17');
  });

  test('a district of one day a week has its miss for the whole week', () => {
    const calendar = schoolDays({ days: ['mon'], graceMinutes: 1440 });
    expect(late('2026-11-24T07:29:00Z', '2026-11-16T08:00:00Z', calendar)).toBeNull();
    expect(late('2026-11-24T07:30:00Z', '2026-11-16T08:00:00Z', calendar)).toBe('2026-11-23');
    expect(late('2026-12-01T07:29:00Z', '2026-11-16T08:00:00Z', calendar)).toBe('2026-11-23');
  });

  test('the night when clocks go forward is not an hour short of grace', () => {
    const calendar = schoolDays({ days: [...WEEKDAYS], graceMinutes: 60 });
    expect(late('2026-03-08T08:29:00Z', '2026-03-07T08:00:00Z', calendar)).toBeNull();
    expect(late('2026-03-08T08:30:00Z', '2026-03-07T08:00:00Z', calendar)).toBe('2026-03-08');
  });

  test('the night when clocks go back: the first 01:30 counts, and nobody is told before the second', () => {
    const calendar = schoolDays({ days: [...WEEKDAYS], time: '01:30', graceMinutes: 15 });
    expect(late('2026-11-01T06:00:00Z', '2026-10-31T05:40:00Z', calendar)).toBeNull();
    expect(late('2026-11-01T06:45:00Z', '2026-10-31T05:40:00Z', calendar)).toBe('2026-11-01');
    expect(late('2026-11-01T06:45:00Z', '2026-11-01T05:32:00Z', calendar)).toBeNull();
  });
});

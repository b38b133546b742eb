import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';

const base = { districtId: 'maple-unified', name: 'Maple' };
const parse = (more: object) => districtSettingsSchema.safeParse({ ...base, ...more });
const calendar = { days: ['mon', 'fri'], time: '02:30' };

test('a row that was written before there were calendars is valid and expects nothing', () => {
  expect(districtSettingsSchema.parse(base)).toMatchObject({ calendar: null, sameBytesDays: 7 });
});

test('a calendar needs its days and its time; the rest has defaults', () => {
  expect(parse({ calendar }).data?.calendar).toEqual({ ...calendar, graceMinutes: 120, holidays: [], blackouts: [] });
});

test.each([
  ['no day', { ...calendar, days: [] }],
  ['a day twice', { ...calendar, days: ['mon', 'mon'] }],
  ['a day that is none', { ...calendar, days: ['monday'] }],
  ['half past twenty-four', { ...calendar, time: '24:30' }],
  ['a time with seconds', { ...calendar, time: '02:30:00' }],
  ['a short time', { ...calendar, time: '2:30' }],
  ['grace of more than a day', { ...calendar, graceMinutes: 1441 }],
  ['a holiday that no calendar has', { ...calendar, holidays: ['2027-02-29'] }],
  ['a blackout that ends before it begins', { ...calendar, blackouts: [{ from: '2026-08-14', to: '2026-06-15' }] }],
  ['a key that nobody knows', { ...calendar, timezone: 'UTC' }],
])('%s is refused', (_, wrong) => {
  expect(parse({ calendar: wrong }).success).toBe(false);
});

test.each(['America/Chicago', 'America/Argentina/Buenos_Aires', 'UTC', 'Pacific/Chatham'])(
  '%s is a zone',
  (timeZone) => {
    expect(parse({ timeZone }).success).toBe(true);
  },
);

test.each(['', 'America/Nowhere', '+05:00', 'Eastern', 'America/New_York; DROP'])('%p is no zone', (timeZone) => {
  expect(parse({ timeZone }).success).toBe(false);
});

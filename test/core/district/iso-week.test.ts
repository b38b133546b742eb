import fc from 'fast-check';
import { isoWeekOf } from '../../../lib/core/district/iso-week.ts';
import { addDays } from '../../../lib/core/district/local-time.ts';

test.each([
  ['2026-11-24', '2026-W48', '2026-11-23'],
  ['2026-11-29', '2026-W48', '2026-11-23'],
  // Weeks belong to the year of their Thursday (ISO 8601).
  ['2027-01-03', '2026-W53', '2026-12-28'],
  ['2027-01-04', '2027-W01', '2027-01-04'],
  ['2024-12-30', '2025-W01', '2024-12-30'],
  ['2021-01-01', '2020-W53', '2020-12-28'],
])('%s is in %s', (date, week, monday) => {
  expect(isoWeekOf(date)).toEqual({ week, monday });
});

test('the seven days from a Monday are one week, and the next day another one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
      const { week, monday } = isoWeekOf(addDays('1999-01-01', days));
      for (let day = 0; day < 7; day++) expect(isoWeekOf(addDays(monday, day))).toEqual({ week, monday });
      expect(isoWeekOf(addDays(monday, 7)).week > week).toBe(true);
    }),
  );
});

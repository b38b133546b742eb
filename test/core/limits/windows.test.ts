import { limitsSchema, rollOverSchema } from '../../../lib/core/district/limit-settings.ts';
import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import { DEFAULT_LIMITS } from '../../../lib/core/limits/limit-settings.ts';
import { limitsOn } from '../../../lib/core/limits/limit-windows.ts';

const LIMITS = limitsSchema.parse({});
const AUGUST = { from: '2027-07-25', to: '2027-09-05', limits: { removals: { share: 0.6, floors: { class: 9999 } } } };

test('every limit has the default of R11, and defaults survive being stored', () => {
  expect(LIMITS).toEqual(DEFAULT_LIMITS);
  expect(limitsSchema.parse({ removals: { floors: { org: 1 } } })).toEqual({
    ...LIMITS,
    removals: { share: 0.1, floors: { ...LIMITS.removals.floors, org: 1 } },
  });
  const old = districtSettingsSchema.parse({ districtId: 'maple-unified', name: 'Maple' });
  expect(old.limits).toEqual(DEFAULT_LIMITS);
  expect(old.rollOver).toEqual([]);
  expect(districtSettingsSchema.parse(JSON.parse(JSON.stringify({ ...old, rollOver: [AUGUST] }))).rollOver).toEqual([
    AUGUST,
  ]);
});

test.each<[string, unknown, boolean]>([
  ['a share of all', { removals: { share: 1 } }, true],
  ['more than all', { removals: { share: 1.01 } }, false],
  ['less than nothing', { updates: { share: -0.1 } }, false],
  ['a percentage', { updates: { share: 75 } }, false],
  ['half a record', { updates: { floor: 2.5 } }, false],
  ['a key that does not exist', { removal: {} }, false],
  ['one inside', { rowDrop: { floors: 3 } }, false],
  ['null for losing all', { losesAll: null }, true],
  ['null for another', { rekeyPairs: null }, false],
])('limits: %s', (_name, limits, fine) => {
  expect(limitsSchema.safeParse(limits).success).toBe(fine);
  expect(rollOverSchema.safeParse([{ from: '2027-01-01', to: '2027-01-01', limits }]).success).toBe(fine);
});

test.each<[string, unknown, boolean]>([
  ['a summer', AUGUST, true],
  ['one day', { ...AUGUST, from: '2027-08-01', to: '2027-08-01' }, true],
  ['29 February of a leap year', { ...AUGUST, from: '2028-02-29', to: '2028-02-29' }, true],
  ['29 February of another year', { ...AUGUST, from: '2027-02-28', to: '2027-02-29' }, false],
  ['29 February of 2100', { ...AUGUST, from: '2100-02-01', to: '2100-02-29' }, false],
  ['31 June', { ...AUGUST, from: '2027-06-31' }, false],
  ['the end before the start', { ...AUGUST, from: '2027-09-06' }, false],
  ['a time', { ...AUGUST, from: '2027-07-25T00:00:00Z' }, false],
  ['a short date', { ...AUGUST, from: '2027-7-25' }, false],
  ['no limits', { from: '2027-07-25', to: '2027-09-05' }, false],
  ['a key that does not exist', { ...AUGUST, name: 'roll-over' }, false],
])('window: %s', (_name, window, fine) => {
  expect(rollOverSchema.safeParse([window]).success).toBe(fine);
});

test.each<[string, string, boolean]>([
  ['the day before', '2027-07-24', false],
  ['the first day', '2027-07-25', true],
  ['a day inside, in another month', '2027-08-31', true],
  ['the last day', '2027-09-05', true],
  ['the day after', '2027-09-06', false],
  ['the same day of another year', '2028-08-01', false],
])('a window on %s', (_name, today, inside) => {
  const limits = limitsOn({ limits: LIMITS, rollOver: [AUGUST] }, today);
  expect(limits.removals.share).toBe(inside ? 0.6 : 0.1);
  expect(limits.removals.floors).toEqual({ ...LIMITS.removals.floors, class: inside ? 9999 : 5 });
  expect({ ...limits, removals: null }).toEqual({ ...LIMITS, removals: null });
});

test('a window over a leap day', () => {
  const rollOver = [{ from: '2028-02-28', to: '2028-03-01', limits: { rekeyPairs: 99 } }];
  const days = ['2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01', '2028-03-02'];
  expect(days.map((today) => limitsOn({ limits: LIMITS, rollOver }, today).rekeyPairs)).toEqual([10, 99, 99, 99, 10]);
});

test('of two windows that share a day the first counts, alone', () => {
  const rollOver = [
    { from: '2027-08-01', to: '2027-08-15', limits: { losesAll: null } },
    { from: '2027-08-10', to: '2027-08-31', limits: { losesAll: 9, rekeyPairs: 50 } },
  ];
  const on = (today: string) => {
    const { losesAll, rekeyPairs } = limitsOn({ limits: LIMITS, rollOver }, today);
    return [losesAll, rekeyPairs];
  };
  expect([on('2027-08-12'), on('2027-08-16')]).toEqual([
    [null, 10],
    [9, 50],
  ]);
});

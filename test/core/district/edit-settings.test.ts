import * as fc from 'fast-check';
import { changedSettings, isSettingPath, withSetting } from '../../../lib/core/district/edit-settings.ts';
import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';

const SETTINGS = districtSettingsSchema.parse({ districtId: 'maple', name: 'Maple' });

describe('a setting inside another', () => {
  test('is changed, and what stands beside it stays', () => {
    const { removals, ...others } = SETTINGS.limits;
    const changed = districtSettingsSchema.parse(withSetting(SETTINGS, 'limits.removals.share', 0.05));
    expect(changed).toEqual({ ...SETTINGS, limits: { ...others, removals: { ...removals, share: 0.05 } } });
    expect(SETTINGS.limits.removals).toBe(removals);
  });

  test('of a part that is not set begins with nothing', () => {
    expect(withSetting(SETTINGS, 'calendar.time', '02:30')['calendar']).toEqual({ time: '02:30' });
  });

  test('that has parts is not replaced by a number', () => {
    expect(() => withSetting(SETTINGS, 'limits.removals', 5)).toThrow(
      'it has parts, so name the one that is meant: share, floors',
    );
    expect(withSetting(withSetting(SETTINGS, 'calendar.time', '02:30'), 'calendar', null)['calendar']).toBeNull();
  });

  test.each([
    ['contacts.0', 'contacts has no parts'],
    ['name.first', 'name has no parts'],
  ])('%s: what has no parts is not taken apart', (path, message) => {
    expect(() => withSetting(SETTINGS, path, 'x')).toThrow(message);
  });
});

test.each([
  ['limits.removals.share', true],
  ['name', true],
  ['', false],
  ['limits.', false],
  ['.limits', false],
  ['__proto__.polluted', false],
  ['contacts.0', false],
  ['limits removals', false],
])('%s names a setting: %s', (path, expected) => {
  expect(isSettingPath(path)).toBe(expected);
});

describe('what an edit changes', () => {
  test('is told by leaf', () => {
    const changed = withSetting(withSetting(SETTINGS, 'limits.removals.share', 0.05), 'contacts', ['a@b.org']);
    expect(changedSettings(SETTINGS, changed)).toEqual([
      { path: 'limits.removals.share', before: '0.1', after: '0.05' },
      { path: 'contacts', before: '[]', after: '["a@b.org"]' },
    ]);
  });

  test('a part that comes or goes is told with all its leaves', () => {
    const calendar = { days: ['mon'], time: '02:30' };
    const whole = { path: 'calendar', before: 'null', after: null };
    const leaves = [
      { path: 'calendar.days', before: null, after: '["mon"]' },
      { path: 'calendar.time', before: null, after: '"02:30"' },
    ];
    const reversed = ({ path, before, after }: (typeof leaves)[number] | typeof whole) => ({
      ...{ path, before: after, after: before },
    });
    // What goes stands before what takes its place.
    expect(changedSettings({ calendar: null }, { calendar })).toEqual([whole, ...leaves]);
    expect(changedSettings({ calendar }, { calendar: null })).toEqual([...leaves.map(reversed), reversed(whole)]);
  });

  test('law: nothing is told exactly where nothing was changed', () => {
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.integer()));
    const name = fc.stringMatching(/^[a-z]{1,3}$/);
    const part = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf, { minKeys: 1 })), { minKeys: 1 });
    fc.assert(
      fc.property(part, part, (before, after) => {
        const isSame = changedSettings(before, after).length === 0;
        expect(isSame).toBe(JSON.stringify(sorted(before)) === JSON.stringify(sorted(after)));
      }),
    );
  });
});

/** The same with its names in order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, sorted(each)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

test.each([
  ['America/New_York', true],
  ['America/Argentina/Buenos_Aires', true],
  ['America/North_Dakota/New_Salem', true],
  ['US/Central', true],
  ['Pacific/Honolulu', true],
  ['UTC', true],
  ['EST', false],
  ['EST5EDT', false],
  ['CST6CDT', false],
  ['Etc/GMT+5', false],
  ['GMT', false],
  ['+05:00', false],
  ['america/new_york', false],
  ['America/Springfield', false],
  ['Eastern Time', false],
  ['', false],
])('time zone %s: %s', (timeZone, expected) => {
  expect(districtSettingsSchema.safeParse({ districtId: 'maple', name: 'Maple', timeZone }).success).toBe(expected);
});

test('every zone of this machine has a name that is taken', () => {
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    expect([timeZone, districtSettingsSchema.shape.timeZone.safeParse(timeZone).success]).toEqual([timeZone, true]);
  }
});

import { assignSettings, diffLines, readAssignments } from '../../lib/cli/district-settings.ts';
import { changedSettings } from '../../lib/core/district/edit-settings.ts';
import { districtSettingsSchema } from '../../lib/core/district/settings.ts';

const MAPLE = districtSettingsSchema.parse({ districtId: 'maple', name: 'Maple' });
const set = (...pairs: readonly string[]) => assignSettings(MAPLE, readAssignments(pairs));

test.each<[string, string[], object]>([
  ['one address', ['contacts=a@b.org'], { contacts: ['a@b.org'] }],
  ['two, with a blank', ['contacts=a@b.org, c@d.org'], { contacts: ['a@b.org', 'c@d.org'] }],
  ['nobody', ['contacts='], { contacts: [] }],
  ['as JSON', ['contacts=["a@b.org"]'], { contacts: ['a@b.org'] }],
  ['inside something', ['calendar.days=mon,tue', 'calendar.time=02:30'], { calendar: { days: ['mon', 'tue'] } }],
  [
    'as docs/onboarding.md shows them',
    [
      ...['calendar.days=mon,tue', 'calendar.time=02:30', 'calendar.holidays=2026-11-26,2026-11-27'],
      'calendar.blackouts=[{"from":"2027-06-14","to":"2027-08-13"}]',
    ],
    { calendar: { holidays: ['2026-11-26', '2026-11-27'], blackouts: [{ from: '2027-06-14', to: '2027-08-13' }] } },
  ],
  ['text stays text', ['name=Maple, the old one'], { name: 'Maple, the old one' }],
])('a list may be written with commas: %s', (_name, pairs, expected) => {
  expect(set(...pairs)).toMatchObject(expected);
});

test.each<[string, string[], RegExp]>([
  ['no address', ['contacts=foo'], /^contacts\.0: .*email/],
  ['a number', ['contacts=5'], /^contacts: a list, such as contacts=a@b\.org,c@d\.org$/],
  ['no day', ['calendar.days=monday', 'calendar.time=02:30'], /^calendar\.days\.0: /],
  ['a number for days', ['calendar.days=1', 'calendar.time=02:30'], /a list, such as calendar\.days=mon,tue/],
])('what cannot be a list is said in words: %s', (_name, pairs, message) => {
  expect(() => set(...pairs)).toThrow(message);
});

test('the diff shows what goes before what takes its place, setting by setting', () => {
  const dated = set('calendar.days=mon', 'calendar.time=02:30', 'contacts=a@b.org');
  const lines = (before: object, after: object) =>
    diffLines(changedSettings({ ...before }, { ...after })).map((line) => line.split(' =')[0]);
  expect(lines(MAPLE, dated)).toEqual([
    ...['- contacts', '+ contacts', '- calendar', '+ calendar.days', '+ calendar.time', '+ calendar.graceMinutes'],
    ...['+ calendar.holidays', '+ calendar.blackouts'],
  ]);
  expect(lines(dated, { ...dated, calendar: null, sameBytesDays: 3 }).at(-3)).toBe('+ calendar');
  expect(lines(dated, { ...dated, calendar: null, sameBytesDays: 3 }).slice(-2)).toEqual([
    '- sameBytesDays',
    '+ sameBytesDays',
  ]);
});

import { certificateOf, describeRows } from '../../../lib/core/district/deletion-certificate.ts';
import { type Departure, endsOf, needsSweep, SWEEP_DAYS, whyVoid } from '../../../lib/core/district/departure.ts';
import { RECORD_KINDS } from '../../../lib/core/oneroster/kinds.ts';
import { deletionCertificate } from '../../../lib/pages/deletion-certificate.ts';
import { sheetAsMarkdown } from '../../../lib/pages/set-up-sheet-markdown.ts';

const GONE_AT = new Date('2026-11-24T12:00:00.000Z');
const departure: Departure = {
  districtId: 'maple',
  name: 'Maple | Unified',
  classLinkTenantId: 2284,
  order: { orderId: 'c-1', who: 'maria', at: '2026-11-24T11:00:00.000Z', settingsVersion: 4 },
  leftAt: '2026-11-24T11:30:00.000Z',
  found: { rows: { user: 2_000, sync: 3, anchor: 1 }, objects: { landing: 0, deliveries: 4, plans: 12 } },
  goneAt: GONE_AT.toISOString(),
  ends: endsOf(GONE_AT, { messageDays: 14, backupDays: 35, logDays: 90 }),
  sweptAt: null,
  late: 0,
};

test('there is no certificate while anything is still being deleted', () => {
  expect(certificateOf({ ...departure, goneAt: null, ends: null }, {})).toBeNull();
  expect(certificateOf({ ...departure, found: null, goneAt: null, ends: null }, {})).toBeNull();
  expect(certificateOf(departure, {})).not.toBeNull();
});

test('R22: what goes by itself has a date, what stays for good has none, each with a reason', () => {
  const { remains } = certificateOf(departure, { user: ['p-1'] })!;
  const until = (word: RegExp) => remains.find(({ what }) => word.test(what))?.until;
  expect([until(/tokens that/), until(/messages/), until(/backups/), until(/log lines/)]).toEqual([
    '2026-11-24T12:10:00.000Z',
    '2026-12-08T12:00:00.000Z',
    '2026-12-29T12:00:00.000Z',
    '2027-02-22T12:00:00.000Z',
  ]);
  expect(remains.filter((each) => each.until === null).map(({ what }) => what)).toEqual([
    expect.stringContaining('lease'),
    expect.stringContaining('tombstone'),
    expect.stringContaining('made in the product'),
  ]);
  for (const { why } of remains) expect(why).toMatch(/.{10,}/);
  expect(certificateOf(departure, { user: [] })!.remains).toHaveLength(remains.length - 1);
});

test('the page for the district says how many of what, and leaves out what there was none of', () => {
  const page = sheetAsMarkdown(deletionCertificate(certificateOf(departure, { user: ['p-1', 'p-2'] })!));
  for (const row of ['| users | `2000` |', '| frozen exports, all versions | `4` |', '| user | `2` |'])
    expect(page).toContain(row);
  expect(page).toContain('Maple \\| Unified');
  expect(page).not.toContain('uploaded files');
  expect(page).not.toContain('p-1');
});

test('rows have words for people, records first', () => {
  const words = describeRows({ sync: 1, user: 2, org: 3 }).map(([what]) => what);
  expect(words).toEqual(['orgs', 'users', 'syncs']);
  const kinds = Object.fromEntries(RECORD_KINDS.map((kind) => [kind, 1]));
  for (const [words] of describeRows(kinds)) expect(words).toMatch(/s$/);
});

test.each([
  [true, 4, null],
  [true, 5, 'settings-changed'],
  [false, 4, 'not-suspended'],
  [false, 5, 'not-suspended'],
])(
  'an order upon version 4 of suspended settings; they are suspended: %s, at version %i',
  (suspended, version, why) => {
    expect(whyVoid(departure.order, { settings: { suspended }, version })).toBe(why);
  },
);

test('a departure is looked at until it has ended, and for as long as anything may come late', () => {
  const after = (days: number) => new Date(Date.parse(departure.leftAt) + days * 86_400_000);
  expect([needsSweep(departure, after(SWEEP_DAYS - 1)), needsSweep(departure, after(SWEEP_DAYS))]).toEqual([
    true,
    false,
  ]);
  expect(needsSweep({ ...departure, goneAt: null }, after(500))).toBe(true);
});

import { memoryMailLog } from '../../../lib/adapters/memory/mail-log.ts';
import { detailOf, type RollcallEvent } from '../../../lib/contracts/events.ts';
import { type DistrictSettings, districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import type { Mail } from '../../../lib/core/mail/mail.ts';
import type { Delivery } from '../../../lib/core/sync/sync.ts';
import { syncIdOf } from '../../../lib/core/sync/sync-id.ts';
import { notifyContacts } from '../../../lib/flows/notify/notify-contacts.ts';
import { TestClock } from '../../adapters/conformance/world.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';

const CONTACTS = ['ann@maple.example', 'bob@maple.example'];

/** A district with contacts, and what they got. */
function openOffice(more: Partial<DistrictSettings> = {}) {
  const settings = districtSettingsSchema.parse({
    ...{ districtId: 'maple-unified', name: 'Maple <Unified>', contacts: CONTACTS, timeZone: 'America/New_York' },
    ...more,
  });
  const sent: { readonly to: string; readonly mail: Mail }[] = [];
  const refused = new Set<string>();
  /** Newest first. */
  const deliveries: Delivery[] = [];
  const clock = new TestClock();
  const ports = {
    clock,
    districts: { get: async (id: string) => (id === settings.districtId ? { settings, version: 1 } : null) },
    mailLog: memoryMailLog(),
    ledger: { list: async (_: string, limit: number) => deliveries.slice(0, limit) },
    mailer: {
      async send(to: string, mail: Mail) {
        if (refused.has(to)) throw new Error('MessageRejected');
        sent.push({ to, mail });
      },
    },
  };
  let calls = 0;
  const tell = (event: RollcallEvent, sender = `call-${++calls}`) => notifyContacts(ports, detailOf(event), sender);
  return { sent, refused, clock, tell, deliveries };
}

const {
  'rollcall.sync.held': HELD,
  'rollcall.sync.rejected': REJECTED,
  'rollcall.sync.applied': APPLIED,
} = EVENT_SAMPLES;
const WEEKLY = EVENT_SAMPLES['rollcall.district.weekly'];

test.each<[string, RollcallEvent, Partial<DistrictSettings>, RegExp | null]>([
  ['held', HELD, {}, /^Held: .*Maple/],
  ['held, on the first day', { ...HELD, waitingDays: 1 }, {}, /^Held: .*for 1 day$/],
  ['held, on the second day', { ...HELD, waitingDays: 2 }, {}, null],
  ['held, for two weeks', { ...HELD, waitingDays: 14 }, {}, /for 14 days$/],
  ['rejected', REJECTED, {}, /^Rejected: .*Maple/],
  ['rejected by a person', { ...REJECTED, by: 'person', codes: ['removals'] }, {}, /^Rejected: /],
  ['blocked', EVENT_SAMPLES['rollcall.delivery.blocked'], {}, /^Please send a full export: .*Maple/],
  ['late', EVENT_SAMPLES['rollcall.sync.late'], {}, /^Late: .*Maple/],
  ['applied, the first', APPLIED, {}, /^Done: .*Maple/],
  ['applied, a later one', { ...APPLIED, first: false }, {}, null],
  ['weekly, wanted', WEEKLY, { weeklySummary: true }, /^Please look: week 2026-W47/],
  ['weekly, not wanted', WEEKLY, {}, null],
  ['failed: that is ours', EVENT_SAMPLES['rollcall.sync.failed'], {}, null],
  ['resumed', EVENT_SAMPLES['rollcall.sync.resumed'], {}, null],
  ['of a district that is gone', { ...HELD, districtId: 'cedar-city' }, {}, null],
  ['of a district without contacts', HELD, { contacts: [] }, null],
])('%s', async (_name, event, settings, subject) => {
  const { sent, tell } = openOffice(settings);
  await tell(event);
  expect(sent.map(({ to }) => to)).toEqual(subject === null ? [] : CONTACTS);
  for (const { mail } of sent) expect(mail.subject).toMatch(subject ?? /^$/);
});

test('a mail says the same in both parts, in plain words: why, what it would do, and what to do', async () => {
  const { sent, tell } = openOffice();
  await tell(HELD);
  const { text, html } = sent[0]!.mail;
  for (const part of ['Check the filters of the export', '120 added', 'What to do', HELD.syncId]) {
    expect(text).toContain(part);
    expect(html).toContain(part);
  }
  expect(html).not.toContain('<Unified>');
});

test('times are the district’s own', async () => {
  const { sent, tell } = openOffice();
  await tell(EVENT_SAMPLES['rollcall.sync.late']);
  expect(sent[0]!.mail.text).toMatch(/Nov 24, 2026, 2:30\sAM/);
});

test('a code that nobody knows is said as it is', async () => {
  const { sent, tell } = openOffice();
  await tell({ ...REJECTED, codes: ['made-up'] });
  expect(sent[0]!.mail.text).toContain('(made-up)');
});

test('the same event again mails nobody twice; another day of it does', async () => {
  const { sent, clock, tell } = openOffice();
  expect(await tell(HELD)).toEqual({ sent: 2, failures: [] });
  clock.advanceSeconds(86_400);
  expect(await tell(HELD)).toEqual({ sent: 0, failures: [] });
  expect(await tell({ ...HELD, waitingDays: 1 })).toEqual({ sent: 2, failures: [] });
  expect(sent).toHaveLength(4);
});

test('one address that is refused keeps no other from its mail, and a retry sends what is left', async () => {
  const { sent, refused, tell } = openOffice();
  refused.add(CONTACTS[0]!);
  expect(await tell(HELD, 'call')).toMatchObject({ sent: 1, failures: [new Error('MessageRejected')] });
  refused.clear();
  expect(await tell(HELD, 'call')).toEqual({ sent: 1, failures: [] });
  expect(sent.map(({ to }) => to)).toEqual(CONTACTS.toReversed());
});

test('a mail that another call has claimed is not counted as sent: the event comes again, and is mailed once', async () => {
  const { sent, refused, clock, tell } = openOffice();
  for (const each of CONTACTS) refused.add(each);
  expect(await tell(HELD, 'before the redrive')).toMatchObject({ failures: { length: 2 } });
  refused.clear();
  // Moved by hand to the queue again, the message has another name than the one that failed.
  const busy = { code: 'mail-is-claimed', retryable: true };
  expect(await tell(HELD, 'after it')).toMatchObject({ sent: 0, failures: [busy, busy] });
  clock.advanceSeconds(301);
  expect(await tell(HELD, 'after it')).toEqual({ sent: 2, failures: [] });
  expect(await tell(HELD, 'after it')).toEqual({ sent: 0, failures: [] });
  expect(sent).toHaveLength(2);
});

describe('a delivery that is not whole (R16)', () => {
  const delivery = (minute: string, state: Delivery['state'], folder = ''): Delivery => ({
    ...{ districtId: 'maple-unified', deliveryId: `d-20261124T07${minute}00000Z-0a1b2c`, state, folder },
    ...{ packaging: 'zip', order: '', hasDelta: false, bulkFiles: [], deltaFiles: [], receivedAt: null, syncId: null },
    openedAt: `2026-11-24T07:${minute}:00.000Z`,
  });
  const told = ({ deliveryId }: Delivery): RollcallEvent => ({
    type: 'rollcall.delivery.incomplete',
    districtId: 'maple-unified',
    deliveryId,
  });
  const cut = delivery('10', 'incomplete');

  test('is mailed in plain words, with what to do and no name (R22)', async () => {
    const { sent, deliveries, tell } = openOffice();
    deliveries.push(cut);
    expect(await tell(told(cut))).toEqual({ sent: 2, failures: [] });
    const { subject, text } = sent[0]!.mail;
    expect(subject).toBe('Incomplete: an export of Maple <Unified> was not taken');
    for (const part of ['cut off', 'Nothing was changed', 'Send the whole export again', cut.deliveryId])
      expect(text).toContain(part);
  });

  test.each<[string, Delivery, number]>([
    ['a whole one that waits', delivery('20', 'received'), 0],
    ['a whole one that was planned', delivery('20', 'planned'), 0],
    ['another that is cut', delivery('20', 'incomplete'), 2],
    ['a set that is still open', delivery('20', 'receiving'), 2],
    ['a dry run', delivery('20', 'planned', 'test'), 2],
  ])('where %s has come since', async (_name, newer, mails) => {
    const { deliveries, tell } = openOffice();
    deliveries.push(newer, cut, delivery('05', 'planned'));
    expect(await tell(told(cut))).toEqual({ sent: mails, failures: [] });
  });

  test('of many in one night of the district the first is mailed; the next night is another one', async () => {
    const { deliveries, tell, sent } = openOffice();
    const again = delivery('20', 'incomplete');
    // 04:30 UTC of the next day is still the same day in New York.
    const late = { ...delivery('30', 'incomplete'), openedAt: '2026-11-25T04:30:00.000Z' };
    const next = { ...delivery('40', 'incomplete'), openedAt: '2026-11-25T07:10:00.000Z' };
    deliveries.push(next, late, again, cut);
    for (const each of [cut, again, late]) await tell(told(each));
    expect(sent).toHaveLength(2);
    await tell(told(next));
    expect(sent).toHaveLength(4);
  });

  test('a test upload is called one, and takes no mail from the real export of its day, nor the other way round', async () => {
    const { deliveries, tell, sent } = openOffice();
    const dry = delivery('05', 'incomplete', 'test');
    const dryAgain = delivery('20', 'incomplete', 'test/zips');
    deliveries.push(dryAgain, cut, dry);
    for (const each of [dry, cut, dryAgain]) await tell(told(each));
    expect(sent.filter(({ to }) => to === CONTACTS[0]).map(({ mail }) => mail.subject)).toEqual([
      'Incomplete: a test upload of Maple <Unified> could not be read',
      'Incomplete: an export of Maple <Unified> was not taken',
    ]);
    expect(sent[0]!.mail.text).toContain('Test uploads never change anything');
  });

  test('a test upload with errors is called one, an export with errors is not', async () => {
    const { deliveries, tell, sent } = openOffice();
    const [real, dry] = [delivery('20', 'planned'), delivery('10', 'planned', 'test')];
    deliveries.push(real, dry);
    for (const each of [dry, real]) await tell({ ...REJECTED, syncId: syncIdOf(each.deliveryId) });
    expect(sent.filter(({ to }) => to === CONTACTS[0]).map(({ mail }) => mail.subject)).toEqual([
      'Rejected: a test upload of Maple <Unified> has errors',
      'Rejected: the export of Maple <Unified> was not taken',
    ]);
    expect(sent[0]!.mail.text).toContain('Test uploads never change anything');
    expect(sent[0]!.mail.text).not.toContain('last good export');
  });

  test('one that nobody knows any more is no news', async () => {
    expect(await openOffice().tell(told(cut))).toEqual({ sent: 0, failures: [] });
  });
});

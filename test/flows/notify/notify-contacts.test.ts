import { memoryMailLog } from '../../../lib/adapters/memory/mail-log.ts';
import { detailOf, type RollcallEvent } from '../../../lib/contracts/events.ts';
import { type DistrictSettings, districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import type { Mail } from '../../../lib/core/mail/mail.ts';
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
  const clock = new TestClock();
  const ports = {
    clock,
    districts: { get: async (id: string) => (id === settings.districtId ? { settings, version: 1 } : null) },
    mailLog: memoryMailLog(),
    mailer: {
      async send(to: string, mail: Mail) {
        if (refused.has(to)) throw new Error('MessageRejected');
        sent.push({ to, mail });
      },
    },
  };
  let calls = 0;
  const tell = (event: RollcallEvent, sender = `call-${++calls}`) => notifyContacts(ports, detailOf(event), sender);
  return { sent, refused, clock, tell };
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

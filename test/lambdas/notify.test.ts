import { makeNotifyHandler } from '../../lambdas/notify/handler.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { memoryMailLog } from '../../lib/adapters/memory/mail-log.ts';
import { detailOf, type RollcallEvent } from '../../lib/contracts/events.ts';
import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import { TestClock } from '../adapters/conformance/world.ts';
import { EVENT_SAMPLES } from '../support/event-samples.ts';

const CONTACTS = ['ann@maple.example', 'bob@maple.example'];
const { 'rollcall.sync.held': HELD, 'rollcall.sync.rejected': REJECTED } = EVENT_SAMPLES;

function openFunction() {
  const settings = districtSettingsSchema.parse({ districtId: HELD.districtId, name: 'Maple', contacts: CONTACTS });
  const sent: string[] = [];
  const refused = new Set<string>();
  const lines: unknown[] = [];
  const handler = makeNotifyHandler({
    clock: new TestClock(),
    districts: { get: async () => ({ settings, version: 1 }) },
    mailLog: memoryMailLog(),
    ledger: { list: async () => [] },
    mailer: {
      async send(to: string, { subject }) {
        if (refused.has(to)) throw new Error(`${to} is not verified`);
        sent.push(`${subject.split(':')[0]} ${to}`);
      },
    },
    logger: createJsonLog((line) => lines.push(JSON.parse(line))),
  });
  return { handler, sent, refused, lines };
}

/** As EventBridge puts it into a queue: the whole event is the body. */
const record = (messageId: string, event: RollcallEvent) => ({
  messageId,
  body: JSON.stringify({ source: 'rollcall', 'detail-type': event.type, detail: detailOf(event) }),
});

test('of a batch only what failed comes again, and then only what was not sent is', async () => {
  const { handler, sent, refused } = openFunction();
  refused.add(CONTACTS[0]!);
  const broken = { messageId: 'm-2', body: 'no JSON' };
  const first = await handler({ Records: [record('m-1', HELD), broken, record('m-3', { ...HELD, waitingDays: 2 })] });
  expect(first.batchItemFailures).toEqual([{ itemIdentifier: 'm-1' }, { itemIdentifier: 'm-2' }]);
  refused.clear();
  const again = { ...record('m-1', HELD), attributes: { ApproximateReceiveCount: '2' } };
  expect(await handler({ Records: [again, record('m-4', REJECTED)] })).toEqual({ batchItemFailures: [] });
  expect(sent).toEqual([`Held ${CONTACTS[1]}`, `Held ${CONTACTS[0]}`, ...CONTACTS.map((to) => `Rejected ${to}`)]);
});

test('its lines have our own ids, types and counts, and no address (R22)', async () => {
  const { handler, refused, lines } = openFunction();
  refused.add(CONTACTS[0]!);
  await handler({ Records: [record('m-1', HELD)] });
  expect(lines).toMatchObject([
    { level: 'error', message: 'notify', districtId: HELD.districtId, event: HELD.type },
    { level: 'info', message: 'notify', districtId: HELD.districtId, event: HELD.type, sent: 1, outcome: 'failed' },
    { level: 'error', message: 'notify', code: 'notify-failed' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('@');
});

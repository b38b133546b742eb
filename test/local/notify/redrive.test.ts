import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { makeNotifyHandler } from '../../../lambdas/notify/handler.ts';
import { createEventBridge } from '../../../lib/adapters/events/event-bridge.ts';
import { memoryMailLog } from '../../../lib/adapters/memory/mail-log.ts';
import { createDeadLetters, type DeadLetterQueue } from '../../../lib/adapters/sqs/dead-letters.ts';
import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import { runQueueFunction } from '../../../lib/local/functions/queue-function.ts';
import type { RunningFunction } from '../../../lib/local/functions/running-function.ts';
import { LOCAL } from '../../../lib/local/names.ts';
import { startEventBus } from '../../../lib/local/notify/event-bus-server.ts';
import { ensureQueues, type LocalQueue } from '../../../lib/local/resources.ts';
import { type SqsServer, startSqsServer } from '../../../lib/local/sqs/server.ts';
import { TestClock } from '../../adapters/conformance/world.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';

// From PutEvents to the mail, over what stands in for the bus, its rule and the queue.

const folder = mkdtempSync(join(tmpdir(), 'rollcall-notify-'));
const HELD = EVENT_SAMPLES['rollcall.sync.held'];
const CONTACT = 'ann@maple.example';
const common = { region: LOCAL.region, credentials: LOCAL.credentials };
const clock = new TestClock();
const mails: string[] = [];
let isMailDown = false;
let server: SqsServer;
let sqs: SQSClient;
let queue: LocalQueue;
let bus: Awaited<ReturnType<typeof startEventBus>>;
let eventBridge: EventBridgeClient;
let running: RunningFunction;
let dead: DeadLetterQueue;

beforeAll(async () => {
  server = await startSqsServer({ dataDir: folder });
  sqs = new SQSClient({ ...common, endpoint: server.endpoint });
  queue = (await ensureQueues(sqs, 60)).notifications;
  dead = { name: 'notifications', url: `${queue.url}-dead`, arn: `${queue.arn}-dead`, queueArn: queue.arn };
  bus = await startEventBus({
    busName: LOCAL.eventBus,
    target: async (event) => server.send(queue.arn, JSON.stringify(event)),
    onError: () => {},
  });
  eventBridge = new EventBridgeClient({ ...common, endpoint: bus.endpoint });
  const settings = districtSettingsSchema.parse({ districtId: HELD.districtId, name: 'Maple', contacts: [CONTACT] });
  running = runQueueFunction({
    sqs,
    queueUrl: queue.url,
    queueArn: queue.arn,
    functionName: 'notify',
    handler: makeNotifyHandler({
      clock,
      districts: { get: async () => ({ settings, version: 1 }) },
      mailLog: memoryMailLog(),
      ledger: { list: async () => [] },
      mailer: {
        async send(to, { subject }) {
          if (isMailDown) throw new Error('MailFromDomainNotVerified');
          mails.push(`${to} ${subject}`);
        },
      },
      logger: { info: () => {}, error: () => {} },
    }),
    batchSize: 1,
    concurrency: 1,
    visibilityTimeoutSeconds: 360,
    retryDelaySeconds: () => 0,
    waitSeconds: 1,
    onError: () => {},
  });
});
afterAll(async () => {
  await running.stop();
  eventBridge.destroy();
  await bus.close();
  sqs.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

const until = async (isSo: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 100 && !(await isSo()); tries++) await sleep(100);
  expect(await isSo()).toBe(true);
};
const tell = (waitingDays: number) => createEventBridge(eventBridge, LOCAL.eventBus).emit({ ...HELD, waitingDays });
const deadCount = () => createDeadLetters(sqs).count(dead);

test('an event becomes a mail; told twice, it is one', async () => {
  await tell(0);
  await tell(0);
  await until(() => mails.length === 1 && running.idle());
  await tell(1);
  await until(() => mails.length === 2);
  expect(mails.filter((each) => each.endsWith('day'))).toHaveLength(1);
  expect(await deadCount()).toBe(0);
});

test('while mail is down events become dead letters, and after a redrive each is mailed once', async () => {
  isMailDown = true;
  await tell(7);
  await tell(14);
  await until(async () => (await deadCount()) === 2);
  expect(mails).toHaveLength(2);
  isMailDown = false;
  clock.advanceSeconds(301);
  await createDeadLetters(sqs).redrive(dead);
  await until(() => mails.length === 4);
  expect(mails.slice(2).map((each) => each.split('for ')[1])).toEqual(expect.arrayContaining(['7 days', '14 days']));
  expect(await deadCount()).toBe(0);
});

test('what the rule could not deliver lies with the dead letters, and is sent on like the others', async () => {
  // EventBridge writes to the dead-letter queue itself, so SQS does not know a queue that it came from.
  const detail = { ...HELD, waitingDays: 21, eventId: 'by-the-rule' };
  await sqs.send(new SendMessageCommand({ QueueUrl: dead.url, MessageBody: JSON.stringify({ detail }) }));
  await createDeadLetters(sqs).redrive(dead);
  await until(() => mails.length === 5);
  expect(mails[4]).toMatch(/for 21 days$/);
});

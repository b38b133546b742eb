import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { makeApplyHandler } from '../../lambdas/apply/handler.ts';
import { wireApply } from '../../lambdas/apply/wire.ts';
import { makePlanHandler } from '../../lambdas/plan/handler.ts';
import { wirePlan } from '../../lambdas/plan/wire.ts';
import { makeReceiveHandler } from '../../lambdas/receive/handler.ts';
import { wireReceive } from '../../lambdas/receive/wire.ts';
import { startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import { runQueueFunction } from '../../lib/local/functions/queue-function.ts';
import { LOCAL } from '../../lib/local/names.ts';
import { ensureBuckets, ensureQueues, ensureTable, type LocalQueue } from '../../lib/local/resources.ts';
import { startS3Server } from '../../lib/local/s3/server.ts';
import { startSqsServer } from '../../lib/local/sqs/server.ts';
import { openClients } from '../../lib/local/stack.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { countCalls, newTally, type Tally } from './counting-client.ts';

/** A function that works off a queue. */
export type Worker = 'receive' | 'plan' | 'apply';

/** Local servers with the deployed functions between them, whose calls are counted. */
export interface CountedStack {
  readonly folder: string;
  /** Clients that are not counted. */
  readonly clients: ReturnType<typeof openClients>;
  /** What was counted, and the seconds in the handlers, since the last call. */
  take(): { readonly tally: Tally; readonly seconds: Readonly<Record<Worker, number>> };
  /** Whether no handler runs. */
  idle(): boolean;
  close(): Promise<void>;
}

type Handler = Parameters<typeof runQueueFunction>[0]['handler'];

const TIMEOUT_SECONDS = 900;
/** What an EventBridge answers that took everything. */
const TAKEN = { FailedEntryCount: 0, Entries: [] };
const silent = () => {};
const LOGGER: Logger = { info: silent, error: (said, thrown) => console.error(said, thrown) };

/** Starts servers (a table in memory, the rest in a temporary folder), and receive, plan and apply, one at a time each. */
export async function startCountedStack(): Promise<CountedStack> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-cost-'));
  const dynamodb = await startDynamoDbServer({ dataDir: null });
  const sqs = await startSqsServer({ dataDir: join(folder, 'sqs') });
  const onEvent = (arn: string, body: string) => sqs.send(arn, body);
  const s3 = await startS3Server({ dataDir: join(folder, 's3'), onEvent });
  const endpoints = { s3: s3.endpoint, sqs: sqs.endpoint, dynamodb: dynamodb.endpoint };
  const [clients, counted] = [openClients(endpoints), openClients(endpoints)];
  const eventBridge = new EventBridgeClient({ region: LOCAL.region, credentials: LOCAL.credentials });
  let tally = newTally();
  let seconds = { receive: 0, plan: 0, apply: 0 };

  await ensureTable(clients.dynamodb);
  const queues = await ensureQueues(clients.sqs, TIMEOUT_SECONDS);
  await ensureBuckets(clients.s3, queues.uploads.arn);
  const current = () => tally;
  const wiring = {
    dynamodb: countCalls(counted.dynamodb, 'dynamodb', current),
    s3: countCalls(counted.s3, 's3', current),
    sqs: countCalls(counted.sqs, 'sqs', current),
    eventBridge: countCalls(eventBridge, 'events', current, TAKEN),
    logger: LOGGER,
  };
  const env = {
    TABLE_NAME: LOCAL.table,
    LANDING_BUCKET: LOCAL.landingBucket,
    ARCHIVE_BUCKET: LOCAL.archiveBucket,
    UPLOADS_QUEUE_URL: queues.uploads.url,
    PLANS_QUEUE_URL: queues.plans.url,
    APPLIES_QUEUE_URL: queues.applies.url,
    EVENT_BUS_NAME: 'counted',
    OWN_ROLE_ID: 'AROA-COUNTED',
  };
  const run = (name: Worker, { url, arn, visibilityTimeoutSeconds }: LocalQueue, handler: Handler) => {
    const timed: Handler = async (event, context) => {
      const start = performance.now();
      const result = await handler(event, context);
      seconds[name] += (performance.now() - start) / 1000;
      return result;
    };
    return runQueueFunction({
      sqs: clients.sqs,
      queueUrl: url,
      queueArn: arn,
      visibilityTimeoutSeconds,
      timeoutSeconds: TIMEOUT_SECONDS,
      functionName: name,
      handler: timed,
      batchSize: 1,
      concurrency: 1,
      graceSeconds: 5,
      onError: (thrown) => console.error(name, thrown),
    });
  };
  const functions = [
    run('receive', queues.uploads, makeReceiveHandler(wireReceive(env, wiring)) as Handler),
    run('plan', queues.plans, makePlanHandler(wirePlan(env, wiring)) as Handler),
    run('apply', queues.applies, makeApplyHandler(wireApply(env, wiring)) as Handler),
  ];
  return {
    folder,
    clients,
    take() {
      const taken = { tally, seconds };
      tally = newTally();
      seconds = { receive: 0, plan: 0, apply: 0 };
      return taken;
    },
    idle: () => functions.every((each) => each.idle()),
    async close() {
      await Promise.all(functions.map((each) => each.stop()));
      for (const client of [...Object.values(clients), ...Object.values(counted), eventBridge]) client.destroy();
      for (const server of [s3, sqs, dynamodb]) await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { makeApplyHandler } from '../../lambdas/apply/handler.ts';
import { wireApply } from '../../lambdas/apply/wire.ts';
import { makePlanHandler } from '../../lambdas/plan/handler.ts';
import { wirePlan } from '../../lambdas/plan/wire.ts';
import { makePurgeHandler } from '../../lambdas/purge/handler.ts';
import { wirePurge } from '../../lambdas/purge/wire.ts';
import { makeReceiveHandler } from '../../lambdas/receive/handler.ts';
import { wireReceive } from '../../lambdas/receive/wire.ts';
import { makeSftpAuthHandler } from '../../lambdas/sftp-auth/handler.ts';
import { wireSftpAuth } from '../../lambdas/sftp-auth/wire.ts';
import { makeSsoHandler } from '../../lambdas/sso/handler.ts';
import { wireSso } from '../../lambdas/sso/wire.ts';
import { makeWatchHandler } from '../../lambdas/watch/handler.ts';
import { wireWatch } from '../../lambdas/watch/wire.ts';
import { createDynamoDbClient } from '../adapters/dynamodb/dynamodb-client.ts';
import { createTableClient } from '../adapters/dynamodb/table-client.ts';
import { isUploadFailed } from '../contracts/transfer-events.ts';
import type { SshHostKey } from '../core/district/host-keys.ts';
import type { Logger } from '../ports/logger.ts';
import { forkDynamoDbServer } from './dynamodb/fork.ts';
import { runQueueFunction } from './functions/queue-function.ts';
import type { RunningFunction } from './functions/running-function.ts';
import { runScheduledFunction } from './functions/scheduled-function.ts';
import { LOCAL } from './names.ts';
import type { MailStore } from './notify/mail-store.ts';
import { startNotifying } from './notify/start-notifying.ts';
import { ensureBuckets, ensureQueues, ensureTable, type LocalQueue } from './resources.ts';
import { startS3Server } from './s3/server.ts';
import { startSftpServer } from './sftp/server.ts';
import { type SignOnAddresses, type SignOnOptions, type SignOnPorts, startSignOn } from './sign-on.ts';
import { LOCAL_SENDER } from './sqs/receive-operations.ts';
import { startSqsServer } from './sqs/server.ts';
import type { Endpoints } from './stack-file.ts';

/** How to start the local stack. */
export interface StackOptions {
  /** Everything that survives a restart lies here. */
  readonly dataDir: string;
  /** 0: a free port. */
  readonly sftpPort: number;
  readonly signOnPorts: SignOnPorts;
  readonly tile: SignOnOptions['tile'];
  readonly logger: Logger;
}

/** A running local stack. */
export interface LocalStack {
  readonly endpoints: Endpoints;
  readonly sftp: {
    readonly host: string;
    readonly port: number;
    readonly hostKeys: readonly SshHostKey[];
  };
  readonly signOn: SignOnAddresses;
  readonly dynamodb: ReturnType<typeof createDynamoDbClient>;
  readonly s3: S3Client;
  /** What was mailed; nobody got it. */
  readonly mails: MailStore;
  /** Stops taking work, lets what runs end, closes every server. */
  close(): Promise<void>;
}

/** A local lease is short: after a kill, the next start waits this long at most. Seconds. */
const LOCAL_LEASE_SECONDS = 15;

/**
 * How long a call that runs may go on when the stack stops, seconds. An apply needs a moment to save its cursor; whatever
 * is not done by then comes again at the next start.
 */
const STOP_GRACE_SECONDS = 5;

/** Every 15 minutes on AWS; here nobody wants to wait so long. Seconds. */
const WATCH_EVERY_SECONDS = 30;

/** Every night. A stack that is started every morning never comes to it by itself. Seconds. */
const PURGE_EVERY_SECONDS = 86_400;

/** As the deployed functions have it, seconds. */
const FUNCTION_TIMEOUT_SECONDS = 900;

/**
 * Starts the stand-ins for AWS on 127.0.0.1 and runs the deployed functions between them (design §7): SFTP asks the
 * sftp-auth function, the landing bucket notifies the uploads queue, each queue calls its function, and the sso function
 * stands between LaunchPad and the product.
 */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { dataDir, logger } = options;
  await mkdir(dataDir, { recursive: true });
  const closers: (() => Promise<unknown>)[] = [];
  const opened = <T extends { close(): Promise<unknown> }>(server: T): T => {
    closers.unshift(() => server.close());
    return server;
  };
  try {
    // First, because its folder lock is what keeps a second stack off the same data.
    const dynamodbServer = opened(await forkDynamoDbServer({ dataDir: join(dataDir, 'dynamodb') }));
    const sqsServer = opened(await startSqsServer({ dataDir: join(dataDir, 'sqs') }));
    const onEvent = (arn: string, body: string) => sqsServer.send(arn, body);
    const s3Server = opened(await startS3Server({ dataDir: join(dataDir, 's3'), onEvent }));
    const endpoints = { s3: s3Server.endpoint, sqs: sqsServer.endpoint, dynamodb: dynamodbServer.endpoint };
    const clients = openClients(endpoints);
    closers.unshift(async () => {
      for (const client of Object.values(clients)) client.destroy();
    });
    await ensureTable(clients.dynamodb);
    const queues = await ensureQueues(clients.sqs, FUNCTION_TIMEOUT_SECONDS);
    await ensureBuckets(clients.s3, queues.uploads.arn);
    const env = {
      TABLE_NAME: LOCAL.table,
      LANDING_BUCKET: LOCAL.landingBucket,
      ARCHIVE_BUCKET: LOCAL.archiveBucket,
      UPLOADS_QUEUE_URL: queues.uploads.url,
      PLANS_QUEUE_URL: queues.plans.url,
      APPLIES_QUEUE_URL: queues.applies.url,
      PURGES_QUEUE_URL: queues.purges.url,
      ...LOCAL.keptDays,
      EVENT_BUS_NAME: LOCAL.eventBus,
      LANDING_KEY_ARN: LOCAL.landingKeyArn,
      SFTP_ROLE_ARN: LOCAL.sftpRoleArn,
      // One sender sends everything here, the functions' own messages too: what a message says of who gave it is kept.
      OWN_ROLE_ID: LOCAL_SENDER,
    };
    const notifying = opened(
      await startNotifying({
        dataDir,
        dynamodb: clients.dynamodb,
        logger,
        enqueue: (body) => sqsServer.send(queues.notifications.arn, body),
      }),
    );
    const functions: RunningFunction[] = [];
    closers.unshift(() => Promise.all(functions.map((each) => each.stop())));
    const wiring = { ...clients, eventBridge: notifying.eventBridge, logger, leaseSeconds: LOCAL_LEASE_SECONDS };
    const run = (
      functionName: string,
      queue: LocalQueue,
      handler: Parameters<typeof runQueueFunction>[0]['handler'],
    ) => {
      const running = runQueueFunction({
        graceSeconds: STOP_GRACE_SECONDS,
        sqs: clients.sqs,
        queueUrl: queue.url,
        queueArn: queue.arn,
        visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
        functionName,
        handler,
        batchSize: 1,
        concurrency: 2,
        timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
        onError: (thrown) => logger.error(functionName, thrown),
      });
      functions.push(running);
    };
    run('receive', queues.uploads, makeReceiveHandler(wireReceive(env, wiring)));
    run('plan', queues.plans, makePlanHandler(wirePlan(env, wiring)));
    run('apply', queues.applies, makeApplyHandler(wireApply(env, wiring)));
    run('notify', queues.notifications, notifying.handler);
    const purge = makePurgeHandler(wirePurge(env, wiring));
    run('purge', queues.purges, purge);
    functions.push(
      runScheduledFunction({
        functionName: 'purge',
        handler: purge,
        everySeconds: PURGE_EVERY_SECONDS,
        graceSeconds: STOP_GRACE_SECONDS,
        onError: (thrown) => logger.error('purge', thrown),
      }),

      runScheduledFunction({
        functionName: 'watch',
        handler: makeWatchHandler(wireWatch(env, wiring)),
        everySeconds: WATCH_EVERY_SECONDS,
        graceSeconds: STOP_GRACE_SECONDS,
        onError: (thrown) => logger.error('watch', thrown),
      }),
    );
    const sftp = opened(
      await startSftpServer({
        s3: clients.s3,
        hostKeyDir: join(dataDir, 'host-keys'),
        spoolDir: join(dataDir, 'sftp-spool'),
        port: options.sftpPort,
        authenticate: makeSftpAuthHandler(wireSftpAuth(env, wiring)),
        // What the rule of the foundation stack sends on.
        onUpload: (event) => {
          if (isUploadFailed(event)) sqsServer.send(queues.uploads.arn, JSON.stringify(event));
        },
        onError: (thrown) => logger.error('sftp', thrown),
      }),
    );
    const signOn = opened(
      await startSignOn({
        dataDir,
        ports: options.signOnPorts,
        tile: options.tile,
        tableName: LOCAL.table,
        table: createTableClient(clients.dynamodb, LOCAL.table),
        logger,
        makeHandler: (env, secrets) => makeSsoHandler(wireSso(env, { ...wiring, secrets })),
      }),
    );
    const { dynamodb, s3 } = clients;
    const { mails } = notifying;
    return { endpoints, sftp, signOn: signOn.addresses, dynamodb, s3, mails, close: () => closeAll(closers) };
  } catch (thrown) {
    await closeAll(closers);
    throw thrown;
  }
}

/** AWS clients that speak to local endpoints. */
export function openClients(endpoints: Endpoints) {
  const common = { region: LOCAL.region, credentials: LOCAL.credentials };
  return {
    s3: new S3Client({ ...common, endpoint: endpoints.s3 }),
    sqs: new SQSClient({ ...common, endpoint: endpoints.sqs }),
    dynamodb: createDynamoDbClient({ ...common, endpoint: endpoints.dynamodb }),
  };
}

async function closeAll(closers: (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

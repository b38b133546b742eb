import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { QueueNames } from '../contracts/stage-names.ts';
import { startDynamoDbServer } from '../local/dynamodb/server.ts';
import { LOCAL } from '../local/names.ts';
import { ensureTable } from '../local/resources.ts';
import { startS3Server } from '../local/s3/server.ts';
import { openClients } from '../local/stack.ts';
import { type Endpoints, readStackFile, type StackFile } from '../local/stack-file.ts';
import { connect } from './connect.ts';
import { CommandError } from './output.ts';
import { type Doors, localFlags, type Target } from './target.ts';

/** Nothing listens there: where no stack runs, nothing is sent. */
const NO_QUEUES = 'http://127.0.0.1:9';

/** The running local stack of a data folder; where none runs, the folder itself (made, if `mayCreate`). */
export async function openLocalTarget(dataDir: string, mayCreate: boolean): Promise<Target> {
  const running = readStackFile(dataDir);
  if (running !== null) return open(dataDir, running.endpoints, running, async () => {});
  if (!existsSync(join(dataDir, 'dynamodb')) && !mayCreate) {
    const hint = 'Give its folder with --data, or start it once with `rollcall local`.';
    throw new CommandError('data-not-found', `There is no local stack in ${dataDir}.`, hint);
  }
  const dynamodb = await startDynamoDbServer({ dataDir: join(dataDir, 'dynamodb') });
  const s3 = await startS3Server({ dataDir: join(dataDir, 's3') });
  const endpoints = { s3: s3.endpoint, dynamodb: dynamodb.endpoint, sqs: NO_QUEUES };
  return open(dataDir, endpoints, null, async () => {
    await s3.close();
    await dynamodb.close();
  });
}

async function open(dataDir: string, endpoints: Endpoints, stack: StackFile | null, close: () => Promise<void>) {
  const clients = openClients(endpoints);
  await ensureTable(clients.dynamodb);
  const queue = (name: string): QueueNames => ({
    url: `${endpoints.sqs}/${LOCAL.account}/${name}`,
    arn: `arn:aws:sqs:${LOCAL.region}:${LOCAL.account}:${name}`,
    deadUrl: `${endpoints.sqs}/${LOCAL.account}/${name}-dead`,
    deadArn: `arn:aws:sqs:${LOCAL.region}:${LOCAL.account}:${name}-dead`,
  });
  const queues = Object.fromEntries(Object.entries(LOCAL.queues).map(([name, full]) => [name, queue(full)]));
  const names = {
    table: LOCAL.table,
    landingBucket: LOCAL.landingBucket,
    archiveBucket: LOCAL.archiveBucket,
    queues,
    productClientIds: [LOCAL.product.clientId],
  };
  return connect(clients, names, {
    flags: localFlags(dataDir),
    running: stack !== null,
    who: async () => userInfo().username,
    doors: async () => (stack === null ? null : doorsOf(stack)),
    // The stack's own SFTP server can simply be tried.
    testLogin: async () => null,
    sheetsFolder: join(dataDir, 'set-up-sheets'),
    close,
  });
}

const doorsOf = ({ sftp, signOnUrl }: StackFile): Doors => ({
  sftp: { ...sftp, addresses: [] },
  signOnUrl,
  support: LOCAL.support,
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createDeliveryReader } from '../adapters/deliveries/archive-delivery-reader.ts';
import { createCommandLog } from '../adapters/dynamodb/command-log.ts';
import { createDeliveryLedger } from '../adapters/dynamodb/delivery-ledger.ts';
import { createDistricts } from '../adapters/dynamodb/districts.ts';
import { readManualRecords } from '../adapters/dynamodb/manual-records.ts';
import { createRosterLookup } from '../adapters/dynamodb/roster-lookup.ts';
import { createRosterTable } from '../adapters/dynamodb/roster-table.ts';
import { dynamoSftpAccounts } from '../adapters/dynamodb/sftp-accounts.ts';
import { createAnchors, createTenants } from '../adapters/dynamodb/sign-on-anchors.ts';
import { createDenials } from '../adapters/dynamodb/sign-on-denials.ts';
import { createSignOnRoster } from '../adapters/dynamodb/sign-on-roster.ts';
import { createSyncLog } from '../adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../adapters/dynamodb/table-client.ts';
import { createPlanStore } from '../adapters/plans/plan-archive.ts';
import { createArchive } from '../adapters/s3/archive.ts';
import { createDeadLetters, type DeadLetterQueue, type DeadLetters } from '../adapters/sqs/dead-letters.ts';
import { createQueues } from '../adapters/sqs/queues.ts';
import type { RecordKind } from '../core/oneroster/kinds.ts';
import type { ReadinessPorts } from '../flows/sso/district-readiness.ts';
import { startDynamoDbServer } from '../local/dynamodb/server.ts';
import { DEFAULT_DATA_DIR, LOCAL } from '../local/names.ts';
import { ensureTable } from '../local/resources.ts';
import { startS3Server } from '../local/s3/server.ts';
import { openClients } from '../local/stack.ts';
import { type Endpoints, readStackFile } from '../local/stack-file.ts';
import type { CommandLog } from '../ports/command-log.ts';
import type { DeliveryReader } from '../ports/delivery-reader.ts';
import type { Districts } from '../ports/districts.ts';
import type { DeliveryLedger, SyncLog } from '../ports/ledger.ts';
import type { Archive } from '../ports/objects.ts';
import type { PlanStore } from '../ports/plan-store.ts';
import type { ManualRecord } from '../ports/portal.ts';
import type { Queues } from '../ports/queues.ts';
import type { RosterLookup } from '../ports/roster-lookup.ts';
import type { RosterTable } from '../ports/roster-table.ts';
import type { SftpAccountRegister } from '../ports/sftp-accounts.ts';
import type { SignOnRoster } from '../ports/sso/sign-on-roster.ts';
import type { Anchors, Denials, Tenants } from '../ports/sso/sign-on-store.ts';
import { CommandError } from './output.ts';

/** Which installation a command works on. */
export interface TargetOptions {
  readonly local?: true;
  readonly data?: string;
}

/** The sign-on's side of an installation. */
export interface TargetSignOn {
  readonly roster: SignOnRoster;
  readonly tenants: Tenants;
  readonly anchors: Anchors;
  readonly denials: Denials;
  readonly clients: ReadinessPorts['clients'];
}

/** What commands need of an installation. */
export interface Target {
  readonly districts: Districts;
  readonly accounts: SftpAccountRegister;
  readonly roster: RosterTable;
  readonly log: SyncLog;
  readonly ledger: DeliveryLedger;
  readonly archive: Archive;
  readonly reader: DeliveryReader;
  readonly plans: PlanStore;
  readonly lookup: RosterLookup;
  readonly commands: CommandLog;
  readonly signOn: TargetSignOn;
  readonly queues: Queues;
  readonly deadLetters: DeadLetters;
  readonly deadLetterQueues: readonly DeadLetterQueue[];
  /** Whether functions run that take what the queues bring. */
  readonly running: boolean;
  readonly manualRecords: (districtId: string, kind: RecordKind) => Promise<readonly ManualRecord[]>;
  close(): Promise<void>;
}

/** Adds the options that say which installation is meant. */
export const targetOptions = (command: Command): Command =>
  command
    .option('--local', 'the local stack: the running one, else its data folder')
    .option('--data <dir>', 'data folder of the local stack', DEFAULT_DATA_DIR);

/** Opens the installation. With `--local` the running stack is asked; where none runs, its data folder is opened (made, if `mayCreate`). */
export async function openTarget(options: TargetOptions, mayCreate = false): Promise<Target> {
  const dataDir = dataDirOf(options);
  const running = readStackFile(dataDir);
  if (running !== null) return connect(running.endpoints, true, async () => {});
  if (!existsSync(join(dataDir, 'dynamodb')) && !mayCreate) {
    const hint = 'Give its folder with --data, or start it once with `rollcall local`.';
    throw new CommandError('data-not-found', `There is no local stack in ${dataDir}.`, hint);
  }
  const dynamodb = await startDynamoDbServer({ dataDir: join(dataDir, 'dynamodb') });
  const s3 = await startS3Server({ dataDir: join(dataDir, 's3') });
  const endpoints = { s3: s3.endpoint, dynamodb: dynamodb.endpoint, sqs: 'http://127.0.0.1:9' };
  return connect(endpoints, false, async () => {
    await s3.close();
    await dynamodb.close();
  });
}

/** The data folder of the installation that is meant. */
export function dataDirOf(options: TargetOptions): string {
  if (options.local === true) return options.data ?? DEFAULT_DATA_DIR;
  throw new CommandError('no-target', 'Which installation is meant?', 'Add --local; deployed stages come later.');
}

async function connect(endpoints: Endpoints, running: boolean, stop: () => Promise<void>): Promise<Target> {
  const clients = openClients(endpoints);
  await ensureTable(clients.dynamodb);
  const table = createTableClient(clients.dynamodb, LOCAL.table);
  const archive = createArchive(clients.s3, LOCAL.archiveBucket);
  return {
    districts: createDistricts(table),
    accounts: dynamoSftpAccounts(clients.dynamodb, LOCAL.table),
    roster: createRosterTable(table),
    log: createSyncLog(table),
    ledger: createDeliveryLedger(table),
    archive,
    reader: createDeliveryReader(archive),
    plans: createPlanStore(archive),
    lookup: createRosterLookup(table),
    commands: createCommandLog(table),
    signOn: {
      roster: createSignOnRoster(table),
      tenants: createTenants(table),
      anchors: createAnchors(table),
      denials: createDenials(table),
      clients: { ofDistrict: (clientId) => clientId === null || clientId === LOCAL.product.clientId || null },
    },
    queues: createQueues(clients.sqs, { plans: `${endpoints.sqs}/${LOCAL.account}/${LOCAL.queues.plans}` }),
    deadLetters: createDeadLetters(clients.sqs),
    deadLetterQueues: Object.entries(LOCAL.queues).map(([name, queue]) => ({
      name,
      url: `${endpoints.sqs}/${LOCAL.account}/${queue}-dead`,
      arn: `arn:aws:sqs:${LOCAL.region}:${LOCAL.account}:${queue}-dead`,
    })),
    running,
    manualRecords: (districtId, kind) => readManualRecords(table, districtId, kind),
    close: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await stop();
    },
  };
}

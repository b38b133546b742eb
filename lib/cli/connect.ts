import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createDeliveryReader } from '../adapters/deliveries/archive-delivery-reader.ts';
import { createCommandLog } from '../adapters/dynamodb/command-log.ts';
import { createDeliveryLedger } from '../adapters/dynamodb/delivery-ledger.ts';
import { createDepartures } from '../adapters/dynamodb/departures.ts';
import { createDistrictRows } from '../adapters/dynamodb/district-rows.ts';
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
import { createStoredVersions } from '../adapters/s3/stored-versions.ts';
import { createDeadLetters } from '../adapters/sqs/dead-letters.ts';
import { createQueues } from '../adapters/sqs/queues.ts';
import type { QueueNames, StageNames } from '../contracts/stage-names.ts';
import type { Target } from './target.ts';

/** The AWS clients of an installation, or of its stand-ins. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** What an installation calls the things that commands work with. */
export type InstallationNames = Pick<StageNames, 'table' | 'landingBucket' | 'archiveBucket' | 'productClientIds'> & {
  readonly queues: Readonly<Partial<Record<keyof StageNames['queues'], QueueNames>>>;
};

/** What differs between a machine and a stage. */
type Around = Pick<Target, 'flags' | 'running' | 'who' | 'doors' | 'testLogin' | 'sheetsFolder'> & {
  close(): Promise<void>;
};

/** The commands' side of an installation, over its clients and names. */
export function connect(clients: Clients, names: InstallationNames, around: Around): Target {
  const table = createTableClient(clients.dynamodb, names.table);
  const archive = createArchive(clients.s3, names.archiveBucket);
  const { productClientIds } = names;
  const queues = Object.entries(names.queues);
  const sends = createQueues(clients.sqs, Object.fromEntries(queues.map(([name, { url }]) => [name, url])));
  return {
    ...around,
    districts: createDistricts(table),
    accounts: dynamoSftpAccounts(clients.dynamodb, names.table),
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
      clients: { ofDistrict: (clientId) => clientId === null || productClientIds.includes(clientId) || null },
    },
    queues: sends,
    purges: sends,
    departures: createDepartures(table),
    rows: createDistrictRows(table),
    landingVersions: createStoredVersions(clients.s3, names.landingBucket),
    archiveVersions: createStoredVersions(clients.s3, names.archiveBucket),
    deadLetters: createDeadLetters(clients.sqs),
    deadLetterQueues: queues.map(([name, { arn, deadUrl, deadArn }]) => ({
      name,
      url: deadUrl,
      arn: deadArn,
      queueArn: arn,
    })),
    manualRecords: (districtId, kind) => readManualRecords(table, districtId, kind),
    close: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await around.close();
    },
  };
}

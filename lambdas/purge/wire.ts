import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PATIENT, sayBusy } from '../../lib/adapters/aws/patient-client.ts';
import { systemClock } from '../../lib/adapters/clock/system-clock.ts';
import { createDeliveryLedger } from '../../lib/adapters/dynamodb/delivery-ledger.ts';
import { createDepartures } from '../../lib/adapters/dynamodb/departures.ts';
import { createDistrictRows } from '../../lib/adapters/dynamodb/district-rows.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { createExpiredHistory } from '../../lib/adapters/dynamodb/expired-history.ts';
import { createExpiredRecords } from '../../lib/adapters/dynamodb/expired-records.ts';
import { createLeases } from '../../lib/adapters/dynamodb/leases.ts';
import { createRosterTable } from '../../lib/adapters/dynamodb/roster-table.ts';
import { createSyncLog } from '../../lib/adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createStoredVersions } from '../../lib/adapters/s3/stored-versions.ts';
import { createQueues } from '../../lib/adapters/sqs/queues.ts';
import { readEnvironment } from '../../lib/contracts/environment.ts';
import { MESSAGE_DAYS } from '../../lib/contracts/messages.ts';
import { PURGE_ENVIRONMENT } from '../../lib/contracts/purge-environment.ts';
import { BACKUP_DAYS } from '../../lib/contracts/table-definition.ts';
import { LEASE_SECONDS, type Wiring } from '../wiring.ts';
import type { PurgeHandlerPorts } from './handler.ts';

/** How long one call may be retried: less than the minute that a deletion keeps back to send itself the rest. */
const PATIENCE_MILLIS = 45_000;

/** Builds what the purge function works with from its environment. */
export function wirePurge(env: Readonly<Record<string, string | undefined>>, wiring: Wiring = {}): PurgeHandlerPorts {
  const values = readEnvironment(PURGE_ENVIRONMENT, env);
  const dynamodb = wiring.dynamodb ?? createDynamoDbClient();
  const table = createTableClient(dynamodb, values.TABLE_NAME, { patienceMillis: () => PATIENCE_MILLIS });
  const s3 = sayBusy(wiring.s3 ?? new S3Client(PATIENT));
  return {
    clock: systemClock,
    districts: createDistricts(table),
    leases: createLeases(table, systemClock),
    log: createSyncLog(table),
    roster: createRosterTable(table),
    departures: createDepartures(table),
    rows: createDistrictRows(table),
    expired: createExpiredRecords(table),
    ledger: createDeliveryLedger(table),
    history: createExpiredHistory(table),
    landingVersions: createStoredVersions(s3, values.LANDING_BUCKET),
    archiveVersions: createStoredVersions(s3, values.ARCHIVE_BUCKET),
    purges: createQueues(sayBusy(wiring.sqs ?? new SQSClient(PATIENT)), { purges: values.PURGES_QUEUE_URL }),
    ownRoleId: values.OWN_ROLE_ID,
    leaseSeconds: wiring.leaseSeconds ?? LEASE_SECONDS,
    recordDays: values.RECORD_DAYS,
    historyDays: values.HISTORY_DAYS,
    shelfLives: { messageDays: MESSAGE_DAYS, backupDays: BACKUP_DAYS, logDays: values.LOG_DAYS },
    logger: wiring.logger ?? createJsonLog(),
  };
}

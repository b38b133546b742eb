import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PATIENT, sayBusy } from '../../lib/adapters/aws/patient-client.ts';
import { createIds, systemClock } from '../../lib/adapters/clock/system-clock.ts';
import { createDeliveryReader } from '../../lib/adapters/deliveries/archive-delivery-reader.ts';
import { createDeliveryLedger } from '../../lib/adapters/dynamodb/delivery-ledger.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { createSyncLog } from '../../lib/adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createArchive } from '../../lib/adapters/s3/archive.ts';
import { createLanding } from '../../lib/adapters/s3/landing.ts';
import { createQueues } from '../../lib/adapters/sqs/queues.ts';
import { readEnvironment } from '../../lib/contracts/environment.ts';
import { RECEIVE_ENVIRONMENT } from '../../lib/contracts/receive-environment.ts';
import type { Wiring } from '../wiring.ts';
import type { ReceivePorts } from './handler.ts';

/** Builds what the receive function works with from its environment. */
export function wireReceive(env: Readonly<Record<string, string | undefined>>, wiring: Wiring = {}): ReceivePorts {
  const values = readEnvironment(RECEIVE_ENVIRONMENT, env);
  const table = createTableClient(wiring.dynamodb ?? createDynamoDbClient(), values.TABLE_NAME);
  const s3 = sayBusy(wiring.s3 ?? new S3Client(PATIENT));
  const archive = createArchive(s3, values.ARCHIVE_BUCKET);
  const urls = { uploads: values.UPLOADS_QUEUE_URL, plans: values.PLANS_QUEUE_URL };
  return {
    clock: systemClock,
    ids: createIds(systemClock),
    districts: createDistricts(table),
    landingBucket: values.LANDING_BUCKET,
    landing: createLanding(s3, values.LANDING_BUCKET, values.ARCHIVE_BUCKET),
    ledger: createDeliveryLedger(table),
    log: createSyncLog(table),
    reader: createDeliveryReader(archive),
    queues: createQueues(sayBusy(wiring.sqs ?? new SQSClient(PATIENT)), urls),
    logger: wiring.logger ?? createJsonLog(),
  };
}

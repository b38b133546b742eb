import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PATIENT, sayBusy } from '../../lib/adapters/aws/patient-client.ts';
import { createIds, systemClock } from '../../lib/adapters/clock/system-clock.ts';
import { createDeliveryReader } from '../../lib/adapters/deliveries/archive-delivery-reader.ts';
import { createCommandLog } from '../../lib/adapters/dynamodb/command-log.ts';
import { createDeliveryLedger } from '../../lib/adapters/dynamodb/delivery-ledger.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { createLeases } from '../../lib/adapters/dynamodb/leases.ts';
import { createRosterTable } from '../../lib/adapters/dynamodb/roster-table.ts';
import { createSyncLog } from '../../lib/adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { BRISK, createEventBridge } from '../../lib/adapters/events/event-bridge.ts';
import { logEvents } from '../../lib/adapters/events/log-events.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createPlanStore } from '../../lib/adapters/plans/plan-archive.ts';
import { createArchive } from '../../lib/adapters/s3/archive.ts';
import { createQueues } from '../../lib/adapters/sqs/queues.ts';
import { readEnvironment } from '../../lib/contracts/environment.ts';
import { PLAN_ENVIRONMENT } from '../../lib/contracts/plan-environment.ts';
import { LEASE_SECONDS, type Wiring } from '../wiring.ts';
import type { PlanHandlerPorts } from './handler.ts';

/** Builds what the plan function works with from its environment. */
export function wirePlan(env: Readonly<Record<string, string | undefined>>, wiring: Wiring = {}): PlanHandlerPorts {
  const values = readEnvironment(PLAN_ENVIRONMENT, env);
  const table = createTableClient(wiring.dynamodb ?? createDynamoDbClient(), values.TABLE_NAME);
  const archive = createArchive(sayBusy(wiring.s3 ?? new S3Client(PATIENT)), values.ARCHIVE_BUCKET);
  const urls = { plans: values.PLANS_QUEUE_URL, applies: values.APPLIES_QUEUE_URL };
  const logger = wiring.logger ?? createJsonLog();
  const eventBridge = sayBusy(wiring.eventBridge ?? new EventBridgeClient(BRISK));
  return {
    clock: systemClock,
    ids: createIds(systemClock),
    districts: createDistricts(table),
    leases: createLeases(table, systemClock),
    ledger: createDeliveryLedger(table),
    log: createSyncLog(table),
    roster: createRosterTable(table),
    reader: createDeliveryReader(archive),
    plans: createPlanStore(archive),
    archive,
    commands: createCommandLog(table),
    queues: createQueues(sayBusy(wiring.sqs ?? new SQSClient(PATIENT)), urls),
    events: logEvents(logger, createEventBridge(eventBridge, values.EVENT_BUS_NAME)),
    ownRoleId: values.OWN_ROLE_ID,
    leaseSeconds: wiring.leaseSeconds ?? LEASE_SECONDS,
    logger,
  };
}

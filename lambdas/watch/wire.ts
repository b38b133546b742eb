import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PATIENT, sayBusy } from '../../lib/adapters/aws/patient-client.ts';
import { systemClock } from '../../lib/adapters/clock/system-clock.ts';
import { createDeliveryLedger } from '../../lib/adapters/dynamodb/delivery-ledger.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { createLeases } from '../../lib/adapters/dynamodb/leases.ts';
import { createSyncLog } from '../../lib/adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { createWatchLog } from '../../lib/adapters/dynamodb/watch-log.ts';
import { BRISK, createEventBridge } from '../../lib/adapters/events/event-bridge.ts';
import { logEvents } from '../../lib/adapters/events/log-events.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createQueues } from '../../lib/adapters/sqs/queues.ts';
import { readEnvironment } from '../../lib/contracts/environment.ts';
import { WATCH_ENVIRONMENT } from '../../lib/contracts/watch-environment.ts';
import type { Wiring } from '../wiring.ts';
import type { WatchHandlerPorts } from './handler.ts';

/** Builds what the watch function works with from its environment. */
export function wireWatch(env: Readonly<Record<string, string | undefined>>, wiring: Wiring = {}): WatchHandlerPorts {
  const values = readEnvironment(WATCH_ENVIRONMENT, env);
  const table = createTableClient(wiring.dynamodb ?? createDynamoDbClient(), values.TABLE_NAME);
  const urls = {
    uploads: values.UPLOADS_QUEUE_URL,
    plans: values.PLANS_QUEUE_URL,
    applies: values.APPLIES_QUEUE_URL,
  };
  const logger = wiring.logger ?? createJsonLog();
  const eventBridge = sayBusy(wiring.eventBridge ?? new EventBridgeClient(BRISK));
  return {
    clock: systemClock,
    districts: createDistricts(table),
    leases: createLeases(table, systemClock),
    ledger: createDeliveryLedger(table),
    log: createSyncLog(table),
    queues: createQueues(sayBusy(wiring.sqs ?? new SQSClient(PATIENT)), urls),
    watchLog: createWatchLog(table),
    events: logEvents(logger, createEventBridge(eventBridge, values.EVENT_BUS_NAME)),
    logger,
  };
}

import { SESv2Client } from '@aws-sdk/client-sesv2';
import { PATIENT, sayBusy } from '../../lib/adapters/aws/patient-client.ts';
import { systemClock } from '../../lib/adapters/clock/system-clock.ts';
import { createDeliveryLedger } from '../../lib/adapters/dynamodb/delivery-ledger.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { createMailLog } from '../../lib/adapters/dynamodb/mail-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createSesMailer } from '../../lib/adapters/mail/ses.ts';
import { readEnvironment } from '../../lib/contracts/environment.ts';
import { NOTIFY_ENVIRONMENT } from '../../lib/contracts/notify-environment.ts';
import type { Wiring } from '../wiring.ts';
import type { NotifyHandlerPorts } from './handler.ts';

/** Builds what the notify function works with from its environment. */
export function wireNotify(env: Readonly<Record<string, string | undefined>>, wiring: Wiring = {}): NotifyHandlerPorts {
  const values = readEnvironment(NOTIFY_ENVIRONMENT, env);
  const table = createTableClient(wiring.dynamodb ?? createDynamoDbClient(), values.TABLE_NAME);
  return {
    clock: systemClock,
    districts: createDistricts(table),
    mailer: createSesMailer(sayBusy(wiring.ses ?? new SESv2Client(PATIENT)), values.MAIL_FROM, values.MAIL_REPLY_TO),
    mailLog: createMailLog(table),
    ledger: createDeliveryLedger(table),
    logger: wiring.logger ?? createJsonLog(),
  };
}

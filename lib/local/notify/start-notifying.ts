import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { type BusEvent, makeNotifyHandler } from '../../../lambdas/notify/handler.ts';
import { wireNotify } from '../../../lambdas/notify/wire.ts';
import { BRISK } from '../../adapters/events/event-bridge.ts';
import type { Logger } from '../../ports/logger.ts';
import { invoke } from '../functions/lambda-context.ts';
import { LOCAL } from '../names.ts';
import { startEventBus } from './event-bus-server.ts';
import { startMailServer } from './mail-server.ts';
import { type MailStore, openMailStore } from './mail-store.ts';

/** The event bus with the notify function behind it. */
export interface Notifying {
  /** For whoever tells events. */
  readonly eventBridge: EventBridgeClient;
  readonly mails: MailStore;
  close(): Promise<void>;
}

/** As the deployed function has it, seconds. */
const TIMEOUT_SECONDS = 60;

/** Starts the stand-ins for EventBridge and SES with the notify function between them. */
export async function startNotifying(options: {
  readonly dataDir: string;
  readonly dynamodb: DynamoDBClient;
  readonly logger: Logger;
}): Promise<Notifying> {
  const { dynamodb, logger } = options;
  const mails = openMailStore(options.dataDir);
  const mailServer = await startMailServer(mails);
  const common = { region: LOCAL.region, credentials: LOCAL.credentials };
  const ses = new SESv2Client({ ...common, endpoint: mailServer.endpoint });
  const env = { TABLE_NAME: LOCAL.table, MAIL_FROM: LOCAL.mailFrom };
  const notify = makeNotifyHandler(wireNotify(env, { dynamodb, ses, logger }));
  const bus = await startEventBus<BusEvent['detail']>({
    busName: LOCAL.eventBus,
    target: (event) => invoke(notify, event, { functionName: 'notify', timeoutSeconds: TIMEOUT_SECONDS }),
    onError: (thrown) => logger.error('notify', thrown),
  });
  const eventBridge = new EventBridgeClient({ ...common, ...BRISK, endpoint: bus.endpoint });
  return {
    eventBridge,
    mails,
    async close() {
      eventBridge.destroy();
      await bus.close();
      ses.destroy();
      await mailServer.close();
    },
  };
}

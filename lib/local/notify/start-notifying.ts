import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { makeNotifyHandler } from '../../../lambdas/notify/handler.ts';
import { wireNotify } from '../../../lambdas/notify/wire.ts';
import { BRISK } from '../../adapters/events/event-bridge.ts';
import type { Logger } from '../../ports/logger.ts';
import { LOCAL } from '../names.ts';
import { startEventBus } from './event-bus-server.ts';
import { startMailServer } from './mail-server.ts';
import { type MailStore, openMailStore } from './mail-store.ts';

/** The event bus with its rule, and the notify function for the queue that the rule fills. */
export interface Notifying {
  /** For whoever tells events. */
  readonly eventBridge: EventBridgeClient;
  readonly handler: ReturnType<typeof makeNotifyHandler>;
  readonly mails: MailStore;
  close(): Promise<void>;
}

/** Starts the stand-ins for EventBridge and SES, and makes the notify function that stands behind them. */
export async function startNotifying(options: {
  readonly dataDir: string;
  readonly dynamodb: DynamoDBClient;
  readonly logger: Logger;
  /** Puts an event, as JSON, into the queue of the function. */
  readonly enqueue: (body: string) => void;
}): Promise<Notifying> {
  const { dynamodb, logger } = options;
  const mails = openMailStore(options.dataDir);
  const mailServer = await startMailServer(mails);
  const common = { region: LOCAL.region, credentials: LOCAL.credentials };
  const ses = new SESv2Client({ ...common, endpoint: mailServer.endpoint });
  const env = { TABLE_NAME: LOCAL.table, MAIL_FROM: LOCAL.mailFrom, MAIL_REPLY_TO: LOCAL.support.email };
  const bus = await startEventBus({
    busName: LOCAL.eventBus,
    target: async (event) => options.enqueue(JSON.stringify(event)),
    onError: (thrown) => logger.error('notify', thrown),
  });
  const eventBridge = new EventBridgeClient({ ...common, ...BRISK, endpoint: bus.endpoint });
  return {
    eventBridge,
    handler: makeNotifyHandler(wireNotify(env, { dynamodb, ses, logger })),
    mails,
    async close() {
      eventBridge.destroy();
      await bus.close();
      ses.destroy();
      await mailServer.close();
    },
  };
}

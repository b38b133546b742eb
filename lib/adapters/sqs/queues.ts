import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type {
  ApplyMessage,
  CommandMessage,
  PlanMessage,
  PurgesMessage,
  UploadsMessage,
} from '../../contracts/messages.ts';
import { parseUploadKey } from '../../contracts/object-keys.ts';
import type { PurgeQueue, Queues } from '../../ports/queues.ts';

/** A function that sends to some queues only knows those. */
export interface QueueUrls {
  readonly uploads?: string;
  readonly plans?: string;
  readonly applies?: string;
  readonly purges?: string;
}

type Message = UploadsMessage | PlanMessage | CommandMessage | ApplyMessage | PurgesMessage;

const districtOf = (message: Message): string | null =>
  message.type === 'settle' ? (parseUploadKey(message.key)?.districtId ?? null) : message.districtId;

/**
 * The queues in SQS. They are standard queues; the district as message group makes them fair ones: a district with many
 * messages does not keep the others waiting. Order is nobody's promise (R15).
 */
export function createQueues(client: SQSClient, urls: QueueUrls): Queues & PurgeQueue {
  const send = async (queue: keyof QueueUrls, message: Message, delay: number) => {
    const url = urls[queue];
    if (url === undefined) throw new Error(`this function does not send to the ${queue} queue`);
    const districtId = districtOf(message);
    await client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: JSON.stringify(message),
        DelaySeconds: delay,
        ...(districtId === null ? {} : { MessageGroupId: districtId }),
      }),
    );
  };
  return {
    sendUploads: (message, delaySeconds) => send('uploads', message, delaySeconds),
    sendPlan: (message, delaySeconds) => send('plans', message, delaySeconds),
    sendApply: (message, delaySeconds) => send('applies', message, delaySeconds),
    sendPurge: (message, delaySeconds) => send('purges', message, delaySeconds),
  };
}

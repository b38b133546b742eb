import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { parseUploadKey } from '../../contracts/object-keys.ts';
import type { Queues } from '../../ports/queues.ts';

/** Where each queue is. A function that never sends to a queue leaves it out; sending there is a defect. */
export interface QueueUrls {
  readonly uploads?: string;
  readonly plans?: string;
  readonly applies?: string;
}

/**
 * The queues on SQS. Every message names its district as the message group: on standard queues that makes them fair,
 * so that one district's burst does not hold up the others (facts: AWS §3).
 */
export function createQueues(sqs: SQSClient, urls: QueueUrls): Queues {
  const send = async (queue: keyof QueueUrls, message: object, group: string, delaySeconds: number): Promise<void> => {
    const QueueUrl = urls[queue];
    if (QueueUrl === undefined) throw new Error(`this function has no ${queue} queue`);
    const MessageBody = JSON.stringify(message);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: group, DelaySeconds: delaySeconds }));
  };
  return {
    sendUploads: (message, delaySeconds) => {
      const district = message.type === 'settle' ? parseUploadKey(message.key)?.districtId : message.districtId;
      return send('uploads', message, district ?? 'none', delaySeconds);
    },
    sendPlan: (message, delaySeconds) => send('plans', message, message.districtId, delaySeconds),
    sendApply: (message, delaySeconds) => send('applies', message, message.districtId, delaySeconds),
  };
}

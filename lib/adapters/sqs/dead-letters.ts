import { GetQueueAttributesCommand, type SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';

/** A dead-letter queue. */
export interface DeadLetterQueue {
  /** Of the queue that it belongs to, for people. */
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** ARN of the queue that it belongs to. */
  readonly queueArn: string;
}

/** Messages that no try could handle. */
export interface DeadLetters {
  /** About how many there are (SQS counts roughly). */
  count(queue: DeadLetterQueue): Promise<number>;
  /** Sends all of them to the queue that it belongs to; they are new messages there. */
  redrive(queue: DeadLetterQueue): Promise<void>;
}

export function createDeadLetters(client: SQSClient): DeadLetters {
  return {
    async count({ url }) {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
      return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
    },
    async redrive({ arn, queueArn }) {
      // SQS knows where a message came from only if it moved it here itself; what a rule could not deliver came directly.
      await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn, DestinationArn: queueArn }));
    },
  };
}

import { MAX_RECEIVES } from './messages.ts';

/** What a function answers to SQS: the messages that failed come again, the others are gone. */
export interface BatchResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** A message of a queue, as far as the handlers look at it. */
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: { readonly ApproximateReceiveCount?: string };
}

/**
 * Handles each message by itself: one that throws is reported as failed and does not take the others with it.
 * `lastTry`: the next failure sends the message to the dead-letter queue. `report` gets what was thrown, without the message (R22).
 */
export async function forEachMessage(
  records: readonly QueueRecord[],
  handle: (body: unknown, lastTry: boolean) => Promise<void>,
  report: (thrown: unknown) => void,
): Promise<BatchResult> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body, attributes } of records) {
    try {
      await handle(JSON.parse(body), Number(attributes?.ApproximateReceiveCount ?? 1) >= MAX_RECEIVES);
    } catch (thrown) {
      report(thrown);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

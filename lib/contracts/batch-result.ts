import { MAX_RECEIVES } from './messages.ts';

/** What a function answers to SQS: the messages that failed come again, the others are gone. */
export interface BatchResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** A message of a queue, as far as the handlers look at it. */
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: { readonly ApproximateReceiveCount?: string; readonly SenderId?: string };
}

/** How a message came. */
export interface Receipt {
  /** The same each time that the message comes, until somebody moves it to another queue. */
  readonly messageId: string;
  /** The next failure sends the message to the dead-letter queue. */
  readonly lastTry: boolean;
  /**
   * Who put it into the queue, as SQS knows them: the unique id of a user (`AIDA…`), or of a role with
   * the session (`AROA…:maria`), whose name was chosen when the role was taken (infra/people.ts). null: not said.
   */
  readonly senderId: string | null;
}

/**
 * Handles each message by itself: one that throws is reported as failed and does not take the others with it.
 * `report` gets what was thrown, without the message (R22).
 */
export async function forEachMessage(
  records: readonly QueueRecord[],
  handle: (body: unknown, receipt: Receipt) => Promise<void>,
  report: (thrown: unknown) => void,
): Promise<BatchResult> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body, attributes } of records) {
    try {
      const lastTry = Number(attributes?.ApproximateReceiveCount ?? 1) >= MAX_RECEIVES;
      await handle(JSON.parse(body), { messageId, lastTry, senderId: attributes?.SenderId ?? null });
    } catch (thrown) {
      report(thrown);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

import { createHash } from 'node:crypto';
import { invalidValue, SqsError } from './errors.ts';
import type { Message } from './message.ts';
import type { QueueAttributes } from './queue-attributes.ts';

/** A FIFO queue takes a deduplication id once in this time (milliseconds). */
const WINDOW_MS = 5 * 60 * 1000;

/** What tells two sends of the same message from two messages. */
export type Deduplicated = Pick<Message, 'id' | 'sequenceNumber' | 'groupId' | 'deduplicationId' | 'sentAt'>;

/** The deduplication ids of the last five minutes. */
export class DeduplicationWindow {
  readonly #seen = new Map<string, Deduplicated>();

  /** The message that was sent with this id already. */
  find(attributes: QueueAttributes, message: Deduplicated): Deduplicated | undefined {
    for (const [key, seen] of this.#seen) {
      if (seen.sentAt + WINDOW_MS > message.sentAt) break;
      this.#seen.delete(key);
    }
    return this.#seen.get(keyOf(attributes, message));
  }

  add(attributes: QueueAttributes, message: Deduplicated): void {
    this.#seen.set(keyOf(attributes, message), message);
  }
}

const keyOf = ({ DeduplicationScope }: QueueAttributes, { groupId, deduplicationId }: Deduplicated): string =>
  DeduplicationScope === 'messageGroup' ? `${groupId}\n${deduplicationId}` : `${deduplicationId}`;

/** What a send to a FIFO queue must carry. Throws `MissingParameter`, `InvalidParameterValue`. */
export function fifoIdentity(
  attributes: QueueAttributes,
  given: { groupId?: string | undefined; deduplicationId?: string | undefined; delaySeconds?: number | undefined },
  body: string,
): { groupId: string; deduplicationId: string } {
  const { groupId, delaySeconds } = given;
  if (!groupId) throw new SqsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  if (delaySeconds) throw invalidValue('DelaySeconds', delaySeconds, 'Not valid for this queue type.');
  const byContent = attributes['ContentBasedDeduplication'] === 'true';
  const deduplicationId =
    given.deduplicationId ?? (byContent ? createHash('sha256').update(body).digest('hex') : undefined);
  if (deduplicationId) return { groupId, deduplicationId };
  const message = 'The queue needs a MessageDeduplicationId, or ContentBasedDeduplication enabled.';
  throw new SqsError('InvalidParameterValue', message);
}

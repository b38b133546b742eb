import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

interface Stored {
  readonly id: string;
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue>;
  receives: number;
  visibleAt: number;
}

/** One standard queue in memory, with as much of SQS as a poller uses. Long polls look every 5 ms. */
export class MemoryQueue {
  readonly stored = new Map<string, Stored>();
  /** What the next receives throw instead. */
  readonly failures: Error[] = [];
  /** Delays asked for with ChangeMessageVisibility, in order. Seconds. */
  readonly delays: number[] = [];
  receiveInput: Record<string, unknown> = {};
  deleteFails = false;
  #sent = 0;

  add(body: string, attributes: Record<string, MessageAttributeValue> = {}): string {
    this.#sent += 1;
    const id = `message-${this.#sent}`;
    this.stored.set(id, { id, body, attributes, receives: 0, visibleAt: 0 });
    return id;
  }

  /** As a client whose `send` answers from here. */
  get client(): SQSClient {
    return {
      send: (command: unknown, options?: { abortSignal?: AbortSignal }) => this.#send(command, options),
    } as never;
  }

  async #send(command: unknown, options?: { abortSignal?: AbortSignal }): Promise<unknown> {
    if (command instanceof ReceiveMessageCommand) return this.#receive(command, options?.abortSignal);
    if (command instanceof DeleteMessageBatchCommand) {
      const entries = command.input.Entries ?? [];
      if (this.deleteFails) return { Failed: entries.map(({ Id }) => ({ Id })) };
      for (const { ReceiptHandle = '' } of entries) this.stored.delete(ReceiptHandle);
      return {};
    }
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      for (const { ReceiptHandle = '', VisibilityTimeout = 0 } of command.input.Entries ?? []) {
        this.delays.push(VisibilityTimeout);
        const message = this.stored.get(ReceiptHandle);
        if (message) message.visibleAt = Date.now() + VisibilityTimeout * 1000;
      }
      return {};
    }
    throw new Error('not a command that this queue knows');
  }

  async #receive(command: ReceiveMessageCommand, signal: AbortSignal | undefined): Promise<{ Messages?: Message[] }> {
    const { MaxNumberOfMessages = 1, WaitTimeSeconds = 0, VisibilityTimeout = 30 } = command.input;
    this.receiveInput = { ...command.input };
    // A real client waits for the network here; without that a poller would never let go of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const failure = this.failures.shift();
    if (failure) throw failure;
    const until = Date.now() + WaitTimeSeconds * 1000;
    for (;;) {
      if (signal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
      const now = Date.now();
      const found = [...this.stored.values()].filter(({ visibleAt }) => visibleAt <= now).slice(0, MaxNumberOfMessages);
      for (const message of found) {
        message.receives += 1;
        message.visibleAt = now + VisibilityTimeout * 1000;
      }
      if (found.length > 0) return { Messages: found.map(toMessage) };
      if (now >= until) return {};
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const toMessage = ({ id, body, attributes, receives }: Stored): Message => ({
  MessageId: id,
  ReceiptHandle: id,
  Body: body,
  MD5OfBody: 'md5',
  Attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '1',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '2',
  },
  MessageAttributes: attributes,
});

import { performance } from 'node:perf_hooks';
import { batch } from './batch.ts';
import { notImplemented, SqsError } from './errors.ts';
import { type Message, type MessageAttributes, md5OfAttributes, md5OfBody } from './message.ts';
import type { Context, Operation } from './operation.ts';
import { optionalInteger, type Parameters, requiredText, textList } from './parameters.ts';
import type { Queue } from './queue.ts';
import { readReceiptHandle, writeReceiptHandle } from './receipt-handle.ts';

/** A long poll looks again at least this often, because the queue's clock need not be the one that timers run on. */
const LOOK_AGAIN_MS = 1000;
const VISIBILITY = { min: 0, max: 43_200 };
/** The sender of every message: there are no credentials here that would tell one from another. */
export const LOCAL_SENDER = 'AIDALOCALSENDER';

const queueOf = (parameters: Parameters, { registry }: Context): Queue =>
  registry.byUrl(requiredText(parameters, 'QueueUrl'));

function systemAttributesOf(message: Message, asked: readonly string[]): Record<string, string> {
  const all: Readonly<Record<string, string | number | undefined>> = {
    SenderId: LOCAL_SENDER,
    SentTimestamp: message.sentAt,
    ApproximateReceiveCount: message.receiveCount,
    ApproximateFirstReceiveTimestamp: message.firstReceivedAt,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    AWSTraceHeader: message.systemAttributes['AWSTraceHeader']?.StringValue,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
  const wanted = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value !== undefined && (asked.includes('All') || asked.includes(name)) ? [[name, String(value)]] : [],
  );
  return Object.fromEntries(wanted);
}

/** Attributes by name, by prefix (`foo.*`), or all (`All`, `.*`). */
function attributesOf({ attributes }: Message, asked: readonly string[]): MessageAttributes {
  const isWanted = (name: string): boolean =>
    asked.some((pattern) =>
      pattern === 'All' ? true : pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern,
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

/** Waits until there is something to receive, for so long at most, or until nobody waits for it any more. */
async function receive(name: string, parameters: Parameters, context: Context): Promise<readonly Message[]> {
  const { registry, signal } = context;
  const max = optionalInteger(parameters, 'MaxNumberOfMessages', { min: 1, max: 10 }) ?? 1;
  const visibility = optionalInteger(parameters, 'VisibilityTimeout', VISIBILITY);
  const waitSeconds =
    optionalInteger(parameters, 'WaitTimeSeconds', { min: 0, max: 20 }) ??
    registry.byName(name).number('ReceiveMessageWaitTimeSeconds');
  const until = performance.now() + waitSeconds * 1000;
  while (!signal.aborted) {
    // Looked up each time: the queue may have been deleted meanwhile.
    const queue = registry.byName(name);
    const messages = queue.receive(max, visibility);
    const left = until - performance.now();
    if (messages.length > 0 || left <= 0) return messages;
    await queue.bell.wait(Math.min(left, queue.millisecondsToNext(), LOOK_AGAIN_MS), signal);
  }
  return [];
}

const receiveMessage: Operation = async (parameters, context) => {
  if (parameters['ReceiveRequestAttemptId'] !== undefined) throw notImplemented('ReceiveRequestAttemptId');
  const queue = queueOf(parameters, context);
  const system = [...textList(parameters, 'AttributeNames'), ...textList(parameters, 'MessageSystemAttributeNames')];
  const named = textList(parameters, 'MessageAttributeNames');
  const messages = await receive(queue.name, parameters, context);
  if (messages.length === 0) return {};
  return {
    Messages: messages.map((message) => {
      const { id, body, receiveCount } = message;
      const attributes = attributesOf(message, named);
      const systemAttributes = systemAttributesOf(message, system);
      return {
        MessageId: id,
        ReceiptHandle: writeReceiptHandle({ queue: queue.name, id, receiveCount }),
        Body: body,
        MD5OfBody: md5OfBody(body),
        MD5OfMessageAttributes: md5OfAttributes(attributes),
        ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
        ...(Object.keys(systemAttributes).length > 0 && { Attributes: systemAttributes }),
      };
    }),
  };
};

function deleteOne(parameters: Parameters, queue: Queue): object {
  queue.delete(readReceiptHandle(requiredText(parameters, 'ReceiptHandle'), queue.name));
  return {};
}

function changeOne(parameters: Parameters, queue: Queue): object {
  const receipt = readReceiptHandle(requiredText(parameters, 'ReceiptHandle'), queue.name);
  const seconds = optionalInteger(parameters, 'VisibilityTimeout', VISIBILITY);
  if (seconds === undefined) {
    throw new SqsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
  }
  queue.changeVisibility(receipt, seconds);
  return {};
}

const forOne =
  (run: (parameters: Parameters, queue: Queue) => object): Operation =>
  (parameters, context) =>
    run(parameters, queueOf(parameters, context));

const forBatch =
  (run: (parameters: Parameters, queue: Queue) => object): Operation =>
  (parameters, context) => {
    const queue = queueOf(parameters, context);
    return batch(parameters, (entry) => run(entry, queue));
  };

/** The actions of a consumer, by their name in `X-Amz-Target`. */
export const receiveOperations: Readonly<Record<string, Operation>> = {
  ReceiveMessage: receiveMessage,
  DeleteMessage: forOne(deleteOne),
  DeleteMessageBatch: forBatch(deleteOne),
  ChangeMessageVisibility: forOne(changeOne),
  ChangeMessageVisibilityBatch: forBatch(changeOne),
};

import { batch } from './batch.ts';
import { invalidValue, SqsError } from './errors.ts';
import { fifoIdentity } from './fifo.ts';
import {
  checkAttributes,
  checkBody,
  type MessageAttributes,
  md5OfAttributes,
  md5OfBody,
  messageBytes,
} from './message.ts';
import type { Operation } from './operation.ts';
import { objectList, objectMap, optionalInteger, optionalText, type Parameters, requiredText } from './parameters.ts';
import type { Draft, Queue } from './queue.ts';

/** A batch is limited as a whole to what one message may have (bytes). */
const MAX_BATCH_BYTES = 1_048_576;
const GROUP_OR_DEDUPLICATION_ID = /^[\x21-\x7e]{1,128}$/;

function readAttributes(parameters: Parameters, name: string): MessageAttributes {
  const entries = Object.entries(objectMap(parameters, name)).map(([key, value]) => {
    const text = optionalText(value, 'StringValue');
    const binary = optionalText(value, 'BinaryValue');
    const attribute = {
      DataType: requiredText(value, 'DataType'),
      ...(text !== undefined && { StringValue: text }),
      ...(binary !== undefined && { BinaryValue: binary }),
    };
    return [key, attribute] as const;
  });
  return Object.fromEntries(entries);
}

function readSystemAttributes(parameters: Parameters): MessageAttributes {
  const attributes = readAttributes(parameters, 'MessageSystemAttributes');
  const unknown = Object.keys(attributes).find((name) => name !== 'AWSTraceHeader');
  if (unknown) throw invalidValue('MessageSystemAttributes', unknown, 'Only AWSTraceHeader can be sent.');
  return attributes;
}

function readId(parameters: Parameters, name: string): string | undefined {
  const id = optionalText(parameters, name);
  if (id === undefined || GROUP_OR_DEDUPLICATION_ID.test(id)) return id;
  throw invalidValue(name, id, 'Up to 128 letters, digits and punctuation.');
}

function readDraft(parameters: Parameters, queue: Queue): { draft: Draft; delaySeconds: number | undefined } {
  const body = requiredText(parameters, 'MessageBody');
  const attributes = readAttributes(parameters, 'MessageAttributes');
  checkBody(body);
  checkAttributes(attributes);
  const limit = queue.number('MaximumMessageSize');
  if (messageBytes({ body, attributes }) > limit) {
    const reason = `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`;
    throw new SqsError('InvalidParameterValue', reason);
  }
  const delaySeconds = optionalInteger(parameters, 'DelaySeconds', { min: 0, max: 900 });
  const groupId = readId(parameters, 'MessageGroupId');
  const deduplicationId = readId(parameters, 'MessageDeduplicationId');
  if (!queue.isFifo && deduplicationId !== undefined) {
    throw invalidValue('MessageDeduplicationId', deduplicationId, 'Not valid for this queue type.');
  }
  const identity = queue.isFifo
    ? fifoIdentity(queue.settings.attributes, { groupId, deduplicationId, delaySeconds }, body)
    : { ...(groupId !== undefined && { groupId }) };
  const systemAttributes = readSystemAttributes(parameters);
  return { draft: { body, attributes, systemAttributes, ...identity }, delaySeconds };
}

function send(parameters: Parameters, queue: Queue) {
  const { draft, delaySeconds } = readDraft(parameters, queue);
  const { id, sequenceNumber } = queue.send(draft, delaySeconds);
  return {
    MessageId: id,
    MD5OfMessageBody: md5OfBody(draft.body),
    MD5OfMessageAttributes: md5OfAttributes(draft.attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(draft.systemAttributes),
    SequenceNumber: sequenceNumber,
  };
}

const sendMessage: Operation = (parameters, { registry }) =>
  send(parameters, registry.byUrl(requiredText(parameters, 'QueueUrl')));

const sendMessageBatch: Operation = (parameters, { registry }) => {
  const queue = registry.byUrl(requiredText(parameters, 'QueueUrl'));
  const sizes = objectList(parameters, 'Entries').map((entry) =>
    messageBytes({
      body: optionalText(entry, 'MessageBody') ?? '',
      attributes: readAttributes(entry, 'MessageAttributes'),
    }),
  );
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BATCH_BYTES) {
    throw new SqsError('BatchRequestTooLong', `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes.`);
  }
  return batch(parameters, (entry) => send(entry, queue));
};

/** The actions that send, by their name in `X-Amz-Target`. */
export const sendOperations: Readonly<Record<string, Operation>> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
};

import { createHash } from 'node:crypto';
import { invalidValue, SqsError } from './errors.ts';

/** A message attribute as the JSON protocol writes it; `BinaryValue` is base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** A message as the journal keeps it. Times in milliseconds since 1970. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly systemAttributes: MessageAttributes;
  readonly sentAt: number;
  /** Not delivered before this time. */
  readonly delayedUntil: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** The queue that gave up on it. */
  readonly deadLetterSource?: string;
}

const ATTRIBUTE_NAME = /^(?!\.|.*\.\.|aws\.|amazon\.)[\w.-]{1,256}(?<!\.)$/i;
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/;
const MAX_ATTRIBUTES = 10;
/** What XML 1.0 cannot write, SQS does not carry. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** MD5 of a body, in hex. */
export const md5OfBody = (body: string): string => createHash('md5').update(body).digest('hex');

const lengthAndBytes = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/**
 * The MD5 that SQS computes over attributes: names in order, each with type and value as length and bytes, and a byte
 * between that says text (1) or binary (2). Undefined where there are none.
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    const isText = attribute.StringValue !== undefined;
    hash.update(lengthAndBytes(Buffer.from(name)));
    hash.update(lengthAndBytes(Buffer.from(attribute.DataType)));
    hash.update(Buffer.from([isText ? 1 : 2]));
    hash.update(
      lengthAndBytes(Buffer.from(attribute.StringValue ?? attribute.BinaryValue ?? '', isText ? 'utf8' : 'base64')),
    );
  }
  return hash.digest('hex');
}

/** What counts against the size limit: body, attribute names, types and values, in bytes. */
export function messageBytes({ body, attributes }: Pick<Message, 'body' | 'attributes'>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    const value = StringValue === undefined ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + value.length;
  }
  return bytes;
}

/** Throws `InvalidMessageContents` (empty, or characters that SQS does not carry). */
export function checkBody(body: string): void {
  if (body === '') throw new SqsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (FORBIDDEN.test(body)) {
    throw new SqsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid are #x9 | #xA | #xD | #x20 and above.',
    );
  }
}

/** Throws `InvalidParameterValue`. */
export function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_ATTRIBUTES) throw invalidValue('MessageAttributes', entries.length, 'At most 10.');
  for (const [name, { DataType, StringValue, BinaryValue }] of entries) {
    if (!ATTRIBUTE_NAME.test(name)) throw invalidValue('MessageAttributes', name, 'Not a valid attribute name.');
    if (!DATA_TYPE.test(DataType))
      throw invalidValue('MessageAttributes', name, 'DataType is String, Number or Binary.');
    const value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
    if (!value || (StringValue !== undefined && FORBIDDEN.test(StringValue))) {
      throw invalidValue('MessageAttributes', name, 'The value that goes with the DataType is missing or malformed.');
    }
    if (DataType.startsWith('Number') && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) {
      throw invalidValue('MessageAttributes', name, 'Not a number.');
    }
  }
}

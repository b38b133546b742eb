import { SqsError } from './errors.ts';

/** Queue attributes as the protocol carries them: all text. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** Bounds and defaults of the numbers, as SQS has them (seconds; MaximumMessageSize in bytes). */
const NUMBERS: Readonly<Record<string, { min: number; max: number; default: number }>> = {
  DelaySeconds: { min: 0, max: 900, default: 0 },
  MaximumMessageSize: { min: 1024, max: 1_048_576, default: 1_048_576 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, default: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, default: 0 },
  VisibilityTimeout: { min: 0, max: 43_200, default: 30 },
  KmsDataKeyReusePeriodSeconds: { min: 60, max: 86_400, default: 300 },
};
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ['true'],
  ContentBasedDeduplication: ['true', 'false'],
  SqsManagedSseEnabled: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};
const FIFO_ONLY = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];
/** Stored and given back; only RedrivePolicy has an effect here. */
const JSON_OR_TEXT = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'];

/** Attributes that a queue reports about itself and nobody sets. */
export const computedAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
] as const;

const isKnown = (name: string): boolean => name in NUMBERS || name in CHOICES || JSON_OR_TEXT.includes(name);

/** Is this the name of an attribute that can be asked for? */
export const canBeRead = (name: string): boolean =>
  name === 'All' || isKnown(name) || computedAttributes.some((computed) => computed === name);

/** Throws `InvalidAttributeName`, `InvalidAttributeValue`. */
export function checkQueueAttributes(given: QueueAttributes, isFifo: boolean): void {
  for (const [name, value] of Object.entries(given)) {
    if (!isKnown(name) || (FIFO_ONLY.includes(name) && !isFifo)) {
      throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    const bounds = NUMBERS[name];
    const outside = bounds && !(/^\d+$/.test(value) && Number(value) >= bounds.min && Number(value) <= bounds.max);
    const choices = CHOICES[name];
    if (outside || (choices && !choices.includes(value))) {
      throw new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
}

/** A number of the queue, or SQS's default for it. */
export const numberAttribute = (attributes: QueueAttributes, name: string): number =>
  Number(attributes[name] ?? NUMBERS[name]?.default ?? 0);

/** All attributes with their defaults. */
export const withDefaults = (attributes: QueueAttributes): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(NUMBERS)
      .filter(([name]) => name !== 'KmsDataKeyReusePeriodSeconds')
      .map(([name, bounds]) => [name, String(bounds.default)]),
  ),
  ...attributes,
});

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Reads the redrive policy; undefined where there is none. Throws `InvalidAttributeValue`. */
export function readRedrivePolicy({ RedrivePolicy }: QueueAttributes): RedrivePolicy | undefined {
  if (!RedrivePolicy) return undefined;
  try {
    const policy: Readonly<Record<string, unknown>> = JSON.parse(RedrivePolicy);
    const maxReceiveCount = Number(policy['maxReceiveCount']);
    const deadLetterTargetArn = policy['deadLetterTargetArn'];
    if (typeof deadLetterTargetArn === 'string' && maxReceiveCount >= 1 && maxReceiveCount <= 1000) {
      return { deadLetterTargetArn, maxReceiveCount };
    }
  } catch {}
  throw new SqsError(
    'InvalidAttributeValue',
    'RedrivePolicy needs deadLetterTargetArn and maxReceiveCount (1 to 1000).',
  );
}

/**
 * Error codes of the JSON protocol, with the older code that goes out in `x-amzn-query-error` and in the entries of a
 * batch answer.
 */
const LEGACY_CODE = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InternalFailure: 'InternalFailure',
  InvalidAttributeName: 'InvalidAttributeName',
  InvalidAttributeValue: 'InvalidAttributeValue',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  InvalidMessageContents: 'InvalidMessageContents',
  InvalidParameterValue: 'InvalidParameterValue',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  MissingParameter: 'MissingParameter',
  NotImplemented: 'NotImplemented',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  ReceiptHandleIsInvalid: 'ReceiptHandleIsInvalid',
  ResourceNotFoundException: 'ResourceNotFoundException',
  SerializationException: 'SerializationException',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
} as const;

/** The error codes that this server answers with. */
export type SqsErrorCode = keyof typeof LEGACY_CODE;

/** An answer that is an error. */
export class SqsError extends Error {
  override readonly name = 'SqsError';
  readonly code: SqsErrorCode;

  constructor(code: SqsErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    if (this.code === 'NotImplemented') return 501;
    return this.code === 'InternalFailure' ? 500 : 400;
  }

  /** The code of the older query protocol. */
  get legacyCode(): string {
    return LEGACY_CODE[this.code];
  }
}

/** The refusal of a value, in SQS's words. */
export const invalidValue = (parameter: string, value: unknown, reason: string): SqsError =>
  new SqsError('InvalidParameterValue', `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

/** The refusal of what this server does not do: never silently ignored. */
export const notImplemented = (what: string): SqsError =>
  new SqsError('NotImplemented', `The local SQS server does not implement ${what}.`);

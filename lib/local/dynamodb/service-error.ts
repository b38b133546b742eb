/** An answer of status 400 as DynamoDB words it; dynalite's own errors have the same `statusCode` and `body`. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly statusCode = 400;
  readonly body: Record<string, unknown>;

  constructor(type: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.body = { __type: type, message, ...details };
  }
}

/** The request is malformed, or asks for what the table cannot do. */
export function validationError(message: string): ServiceError {
  return new ServiceError('com.amazon.coral.validate#ValidationException', message);
}

/** Any other error of the DynamoDB API, by its short name. */
export function dynamoError(name: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
  return new ServiceError(`com.amazonaws.dynamodb.v20120810#${name}`, message, details);
}

/** What both kinds of error answer share. */
export interface ErrorAnswer extends Error {
  readonly statusCode: number;
  readonly body: Record<string, unknown>;
}

/** True for an error that is an answer to the client rather than a defect of the server. */
export function isErrorAnswer(error: unknown): error is ErrorAnswer {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}

/** The short name of an error answer, such as `ConditionalCheckFailedException`. */
export function errorName(error: ErrorAnswer): string {
  return String(error.body['__type']).split('#').pop() ?? '';
}

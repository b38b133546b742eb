import { ServiceBusy } from '../../ports/failure.ts';

/**
 * Client settings for S3 and SQS: more tries than the SDK's three, with its jittered backoff, which also slows a client
 * down that is throttled. DynamoDB has a policy of its own (`dynamodb/retry-policy.ts`).
 */
export const PATIENT = { maxAttempts: 8, retryMode: 'adaptive' } as const;

/** What the clients of the SDK share, as far as it is used here. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: { readonly step: 'initialize'; readonly name: string; readonly override: true },
    ): void;
  };
}

/**
 * Makes a client say `ServiceBusy` where a service still is too busy or out of reach after all tries: such a call may
 * succeed later, and must not count against a sync.
 */
export function sayBusy<C>(client: C): C {
  const middleware = (next: (args: never) => Promise<unknown>) => async (args: never) => {
    try {
      return await next(args);
    } catch (thrown) {
      throw isTransient(thrown) ? new ServiceBusy('a service does not answer', { cause: thrown }) : thrown;
    }
  };
  (client as Client).middlewareStack.add(middleware, { step: 'initialize', name: 'rollcallSayBusy', override: true });
  return client;
}

/** Codes of S3 and SQS for "later" (S3 API: error responses; SQS API: common errors), and of connections that break. */
const TRANSIENT =
  /^(?:Throttling(?:Exception|Error)?|TooManyRequests(?:Exception)?|RequestThrottled(?:Exception)?|RequestLimitExceeded|SlowDown|RequestTimeout|RequestTimeTooSkewed|InternalError|InternalFailure|InternalServerError|ServiceUnavailable|OperationAborted|KMS\.?ThrottlingException|KmsThrottled|TimeoutError|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND)$/;

const SERVER_FAULT = 500;
const TOO_MANY_REQUESTS = 429;

/** Whether a failed call may succeed later. */
export function isTransient(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, Code, $metadata } = thrown as {
    code?: unknown;
    Code?: unknown;
    $metadata?: { readonly httpStatusCode?: number };
  };
  if ([thrown.name, code, Code].some((each) => typeof each === 'string' && TRANSIENT.test(each))) return true;
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= SERVER_FAULT || status === TOO_MANY_REQUESTS;
}

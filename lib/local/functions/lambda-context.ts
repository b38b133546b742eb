import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** How a function is invoked here. */
export interface Invocation {
  readonly functionName: string;
  /** When Lambda would stop the function. Seconds. */
  readonly timeoutSeconds: number;
  /** Aborted when the stack stops: the function's time is up then, and one that continues itself does so. */
  readonly stopping?: AbortSignal;
}

/** The function did not return in its time. Lambda kills it then; here it runs on, and what it returns is not looked at. */
export class InvocationTimeout extends Error {
  override readonly name = 'InvocationTimeout';
  readonly code = 'timeout';
  readonly retryable = true;
}

/** The context object of one invocation. */
export function lambdaContext({ functionName, timeoutSeconds, stopping }: Invocation): Context {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const unsupported = (): never => {
    throw new Error('only return values and promises are supported, as in the Node.js 24 runtime');
  };
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => (stopping?.aborted ? 0 : Math.max(0, deadline - Date.now())),
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

/** Calls a handler once. A throw of any kind and a time-out reject. */
export async function invoke<E, R>(
  handler: (event: E, context: Context) => R | Promise<R>,
  event: E,
  invocation: Invocation,
): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const late = () => reject(new InvocationTimeout(`${invocation.functionName} ran into its time-out`));
    timer = setTimeout(late, invocation.timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([(async () => handler(event, lambdaContext(invocation)))(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

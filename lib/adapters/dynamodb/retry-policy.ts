import { setTimeout as pause } from 'node:timers/promises';
import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { ServiceBusy } from '../../ports/failure.ts';

/** Waits before the n-th retry are random between 0 and `baseMillis` · 2ⁿ, at most `capMillis` (full jitter). */
export interface Backoff {
  readonly baseMillis: number;
  readonly capMillis: number;
}

/** The service wants less: a partition splits or warms up within minutes, so waits grow long. */
const SLOW_DOWN: Backoff = { baseMillis: 50, capMillis: 5_000 };
/** Somebody else was in the way for a moment. */
const TRY_AGAIN: Backoff = { baseMillis: 10, capMillis: 500 };
/** The answer was lost, or there was none. */
const LOST: Backoff = { baseMillis: 50, capMillis: 2_000 };

/** Which errors are worth another attempt, by error code; whatever is not here is thrown as it came. */
export const RETRY_POLICY: Readonly<Record<string, Backoff>> = {
  ThrottlingException: SLOW_DOWN,
  ThrottlingError: SLOW_DOWN,
  ProvisionedThroughputExceededException: SLOW_DOWN,
  ProvisionedThroughputExceeded: SLOW_DOWN,
  RequestLimitExceeded: SLOW_DOWN,
  TransactionConflictException: TRY_AGAIN,
  TransactionConflict: TRY_AGAIN,
  TransactionInProgressException: TRY_AGAIN,
  ReplicatedWriteConflictException: TRY_AGAIN,
  InternalServerError: LOST,
  InternalFailure: LOST,
  ServiceUnavailable: LOST,
  ServiceUnavailableException: LOST,
  TimeoutError: LOST,
  RequestTimeout: LOST,
  ECONNRESET: LOST,
  ECONNREFUSED: LOST,
  ETIMEDOUT: LOST,
  EPIPE: LOST,
  EAI_AGAIN: LOST,
};

/** How patient an adapter is, and how it waits. */
export interface RetryOptions {
  /**
   * How long one call may go on retrying, milliseconds; asked when the call starts, so that a function can answer with
   * what is left of its time. Default 120,000: shorter than any function's time-out, longer than a table's split.
   */
  readonly patienceMillis?: () => number;
  readonly wait?: (millis: number) => Promise<unknown>;
  /** A number in [0, 1). */
  readonly random?: () => number;
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
}

const DEFAULT_PATIENCE_MILLIS = 120_000;

/** Calls `attempt` until it succeeds, fails for good, or patience ends with `ServiceBusy`. */
export type Retry = <T>(attempt: () => Promise<T>) => Promise<T>;

/** Makes a `Retry` by `RETRY_POLICY`. Throttling slows work down and fails nothing while there is time. */
export function createRetry(options: RetryOptions = {}): Retry {
  const { patienceMillis = () => DEFAULT_PATIENCE_MILLIS, wait = pause, random = Math.random } = options;
  const now = options.now ?? (() => performance.now());
  return async (attempt) => {
    const deadline = now() + patienceMillis();
    for (let retries = 0; ; retries++) {
      try {
        return await attempt();
      } catch (error) {
        const code = retryCodeOf(error);
        const backoff = code === null ? undefined : RETRY_POLICY[code];
        if (!backoff) throw error;
        const millis = random() * Math.min(backoff.capMillis, backoff.baseMillis * 2 ** retries);
        if (now() + millis >= deadline) throw new ServiceBusy(`the table answers ${code}`, { cause: error });
        await wait(millis);
      }
    }
  };
}

/** The code that decides about a retry; null for an error without any. A cancelled transaction has it in its reasons. */
export function retryCodeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { name, code, CancellationReasons } = error as {
    name?: string;
    code?: unknown;
    CancellationReasons?: readonly CancellationReason[];
  };
  if (name === 'TransactionCanceledException') return retryReason(CancellationReasons ?? []);
  if (typeof name === 'string' && name in RETRY_POLICY) return name;
  return typeof code === 'string' ? code : (name ?? null);
}

/** The reason of a part whose condition did not hold: an answer, not an error, and no reason to wait. */
export const CONDITION_FAILED = 'ConditionalCheckFailed';

/** A transaction is worth a retry where every other reason is; the one with the longest waits decides. */
function retryReason(reasons: readonly CancellationReason[]): string | null {
  const codes = reasons.flatMap(({ Code }) =>
    Code === undefined || Code === 'None' || Code === CONDITION_FAILED ? [] : [Code],
  );
  if (codes.length === 0) return 'TransactionConflict';
  const final = codes.find((code) => !(code in RETRY_POLICY));
  if (final !== undefined) return final;
  const cap = (code: string) => RETRY_POLICY[code]?.capMillis ?? 0;
  return codes.reduce((slowest, code) => (cap(code) > cap(slowest) ? code : slowest));
}

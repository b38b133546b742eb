import { createRetry, RETRY_POLICY, retryCodeOf } from '../../../lib/adapters/dynamodb/retry-policy.ts';

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });
const cancelled = (...codes: (string | undefined)[]) =>
  named('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

describe('which code decides', () => {
  test.each([
    ['an SDK error', named('ThrottlingException'), 'ThrottlingException'],
    ['a socket error', named('Error', { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['an error of ours', named('TypeError'), 'TypeError'],
    ['no error at all', 'text', null],
    ['the slowest reason', cancelled('TransactionConflict', 'None', 'ThrottlingError'), 'ThrottlingError'],
    ['a reason that is final', cancelled('TransactionConflict', 'ValidationError'), 'ValidationError'],
    ['a cancellation without reasons', cancelled(undefined), 'TransactionConflict'],
  ])('%s', (_, error, code) => expect(retryCodeOf(error)).toBe(code));
});

describe('waits', () => {
  /** Runs a retry of an operation that always fails, on a clock that only waiting moves. */
  const run = async (error: Error, patience: number, random: number) => {
    let time = 0;
    const waits: number[] = [];
    const retry = createRetry({
      patienceMillis: () => patience,
      random: () => random,
      now: () => time,
      wait: async (millis) => {
        waits.push(millis);
        time += millis;
      },
    });
    const thrown: unknown = await retry(() => Promise.reject(error)).catch((reason: unknown) => reason);
    return { waits, thrown };
  };

  test('double up to the cap, and end with patience', async () => {
    const error = named('ThrottlingException');
    const { waits, thrown } = await run(error, 20_000, 1);
    expect(waits).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(thrown).toMatchObject({ name: 'ServiceBusy', cause: error });
  });

  test('are random below that', async () => {
    expect((await run(named('TransactionConflictException'), 60, 0.5)).waits).toEqual([5, 10, 20]);
  });

  test('an error that is not in the table is thrown at once', async () => {
    const error = named('ValidationException');
    expect(await run(error, 1_000, 1)).toEqual({ waits: [], thrown: error });
  });

  test('every entry has a cap above its base', () => {
    for (const { baseMillis, capMillis } of Object.values(RETRY_POLICY)) expect(capMillis).toBeGreaterThan(baseMillis);
  });
});

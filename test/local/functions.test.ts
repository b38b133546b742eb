import type { Context, SQSEvent } from 'aws-lambda';
import { InvocationTimeout } from '../../lib/local/functions/lambda-context.ts';
import { type QueueFunctionOptions, runQueueFunction } from '../../lib/local/functions/queue-function.ts';
import type { RunningFunction } from '../../lib/local/functions/running-function.ts';
import { runScheduledFunction } from '../../lib/local/functions/scheduled-function.ts';
import { failedMessageIds } from '../../lib/local/functions/sqs-event.ts';
import { MemoryQueue } from '../support/memory-queue.ts';

let queue: MemoryQueue;
let errors: unknown[];
let running: RunningFunction[];
beforeEach(() => {
  queue = new MemoryQueue();
  errors = [];
  running = [];
});
afterEach(() => Promise.all(running.map((one) => one.stop())));

function baseOptions() {
  return {
    sqs: queue.client,
    queueUrl: 'http://127.0.0.1/000000000000/plans',
    queueArn: 'arn:aws:sqs:eu-west-1:000000000000:plans',
    functionName: 'plan',
    batchSize: 10,
    concurrency: 1,
    visibilityTimeoutSeconds: 60,
    graceSeconds: 1,
    onError: (error: unknown) => errors.push(error),
  };
}

/** Runs a function whose failed messages come back at once. */
function run(handler: QueueFunctionOptions['handler'], options: Partial<QueueFunctionOptions> = {}): RunningFunction {
  const one = runQueueFunction({ ...baseOptions(), handler, retryDelaySeconds: () => 0, ...options });
  running.push(one);
  return one;
}

async function until(look: () => boolean): Promise<void> {
  for (let tries = 0; !look(); tries += 1) {
    if (tries > 400) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const bodies = (event: SQSEvent): string[] => event.Records.map(({ body }) => body);

test('the event is what Lambda makes of the messages, and the context counts down', async () => {
  const calls: { event: SQSEvent; context: Context; left: number }[] = [];
  queue.add('{"a":1}', {
    kind: { DataType: 'String', StringValue: 'bulk' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
  });
  run((event, context) => void calls.push({ event, context, left: context.getRemainingTimeInMillis() }), {
    timeoutSeconds: 30,
  });
  await until(() => queue.stored.size === 0);
  expect(calls[0]?.event).toEqual({
    Records: [
      {
        messageId: 'message-1',
        receiptHandle: 'message-1',
        body: '{"a":1}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '1',
          SenderId: 'sender',
          ApproximateFirstReceiveTimestamp: '2',
        },
        messageAttributes: {
          kind: { stringValue: 'bulk', dataType: 'String', stringListValues: [], binaryListValues: [] },
          bytes: { binaryValue: 'AQI=', dataType: 'Binary', stringListValues: [], binaryListValues: [] },
        },
        md5OfBody: 'md5',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:plans',
        awsRegion: 'eu-west-1',
      },
    ],
  });
  expect(calls[0]?.context.functionName).toBe('plan');
  expect(calls[0]?.context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(calls[0]?.left).toBeLessThanOrEqual(30_000);
  expect(calls[0]?.left).toBeGreaterThan(29_000);
  expect(queue.receiveInput).toMatchObject({ MaxNumberOfMessages: 10, VisibilityTimeout: 60, WaitTimeSeconds: 20 });
});

test('only the messages that failed come again', async () => {
  queue.add('good');
  const bad = queue.add('bad');
  const batches: string[][] = [];
  run((event) => {
    batches.push(bodies(event));
    return { batchItemFailures: batches.length === 1 ? [{ itemIdentifier: bad }] : [] };
  });
  await until(() => queue.stored.size === 0);
  expect(batches).toEqual([['good', 'bad'], ['bad']]);
});

test('a throw is a failure of the whole batch, and is told', async () => {
  queue.add('one');
  queue.add('two');
  const batches: string[][] = [];
  run((event) => {
    batches.push(bodies(event));
    if (batches.length === 1) throw new Error('boom');
  });
  await until(() => queue.stored.size === 0);
  expect(batches).toEqual([
    ['one', 'two'],
    ['one', 'two'],
  ]);
  expect(errors).toEqual([new Error('boom')]);
});

test('what fails again waits longer', async () => {
  queue.add('stubborn');
  const asked: number[] = [];
  run(() => Promise.reject(new Error('no')), {
    retryDelaySeconds: (receiveCount) => {
      asked.push(receiveCount);
      return 0;
    },
  });
  await until(() => asked.length >= 3);
  expect(asked.slice(0, 3)).toEqual([1, 2, 3]);
});

test('the default delay is one second at first; null leaves the message hidden as AWS does', async () => {
  queue.add('x');
  const one = runQueueFunction({ ...baseOptions(), handler: () => Promise.reject(new Error('no')) });
  running.push(one);
  await until(() => queue.delays.length === 1);
  expect(queue.delays).toEqual([1]);
  await one.stop();
  queue = new MemoryQueue();
  queue.add('y');
  run(() => Promise.reject(new Error('no')), { retryDelaySeconds: null });
  await until(() => errors.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(queue.delays).toEqual([]);
});

test('a function that runs into its time-out has failed; what it returns later counts for nothing', async () => {
  queue.add('slow');
  let calls = 0;
  run(
    async () => {
      calls += 1;
      if (calls === 1) await new Promise((resolve) => setTimeout(resolve, 60));
      return calls === 1 ? {} : new Promise(() => {});
    },
    { timeoutSeconds: 0.02, graceSeconds: 0.1 },
  );
  await until(() => calls >= 2);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(queue.stored.size).toBe(1);
  expect(errors[0]).toBeInstanceOf(InvocationTimeout);
});

test('as many calls at the same time as allowed, no more', async () => {
  for (let number = 0; number < 12; number += 1) queue.add(String(number));
  let now = 0;
  let most = 0;
  run(
    async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
    },
    { batchSize: 1, concurrency: 3 },
  );
  await until(() => queue.stored.size === 0);
  expect(most).toBe(3);
});

test('a receive that fails is told and tried again', async () => {
  queue.failures.push(new Error('connection refused'));
  queue.add('x');
  run(() => {});
  await until(() => queue.stored.size === 0);
  expect(errors).toEqual([new Error('connection refused')]);
});

test('a delete that fails is told: the messages come again', async () => {
  queue.deleteFails = true;
  queue.add('x');
  run(() => {});
  await until(() => errors.length === 1);
  expect(String(errors[0])).toContain('will come again');
});

describe('stop', () => {
  test('ends a long poll at once, and nothing is received after it', async () => {
    const one = run(() => {}, { waitSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const start = Date.now();
    await one.stop();
    expect(Date.now() - start).toBeLessThan(500);
    queue.add('late');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(queue.stored.size).toBe(1);
    expect(errors).toEqual([]);
  });

  test('waits for the call that runs, and acknowledges it', async () => {
    queue.add('x');
    let finish = () => {};
    const one = run(() => new Promise<void>((resolve) => (finish = resolve)));
    await until(() => !one.idle());
    const stopped = one.stop();
    finish();
    await stopped;
    expect(queue.stored.size).toBe(0);
    expect(one.idle()).toBe(true);
  });

  test('abandons a call that does not end, and never acknowledges it', async () => {
    queue.add('x');
    let finish = () => {};
    const one = run(() => new Promise<void>((resolve) => (finish = resolve)), { graceSeconds: 0.05 });
    await until(() => !one.idle());
    await one.stop();
    finish();
    await until(() => one.idle());
    expect(queue.stored.size).toBe(1);
  });
});

test.each<[string, unknown, string[]]>([
  ['nothing', undefined, []],
  ['null', null, []],
  ['an object without the list', {}, []],
  ['a null list', { batchItemFailures: null }, []],
  ['an empty list', { batchItemFailures: [] }, []],
  ['one', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b']],
  ['a null id', { batchItemFailures: [{ itemIdentifier: null }] }, ['a', 'b']],
  ['a misspelt key', { batchItemFailures: [{ itemIdentifer: 'a' }] }, ['a', 'b']],
  ['an id of another batch', { batchItemFailures: [{ itemIdentifier: 'c' }] }, ['a', 'b']],
  ['a list that is none', { batchItemFailures: 'a' }, ['a', 'b']],
  ['a null entry', { batchItemFailures: [null] }, ['a', 'b']],
])('failures in an answer with %s', (_name, answer, failed) => {
  expect([...failedMessageIds(['a', 'b'], answer)]).toEqual(failed);
});

describe('a schedule', () => {
  const schedule = (handler: () => unknown, everySeconds = 0.02) => {
    const one = runScheduledFunction({ functionName: 'watch', handler, everySeconds, onError: (e) => errors.push(e) });
    running.push(one);
    return one;
  };

  test('goes on after a throw, and calls never overlap', async () => {
    let calls = 0;
    let now = 0;
    let most = 0;
    const one = schedule(async () => {
      calls += 1;
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 15));
      now -= 1;
      if (calls === 1) throw new Error('boom');
    });
    void one.runNow();
    void one.runNow();
    await until(() => calls >= 4);
    expect(most).toBe(1);
    expect(errors).toEqual([new Error('boom')]);
  });

  test('runs at once when asked, and not after it was stopped', async () => {
    let calls = 0;
    const one = schedule(() => {
      calls += 1;
    }, 60);
    await one.runNow();
    expect(calls).toBe(1);
    expect(one.idle()).toBe(true);
    await one.stop();
    await one.runNow();
    expect(calls).toBe(1);
  });
});

import { randomUUID } from 'node:crypto';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { invoke } from './lambda-context.ts';
import { type RunningFunction, withinGrace } from './running-function.ts';

/** A function that EventBridge Scheduler would call. */
export interface ScheduledFunctionOptions {
  readonly functionName: string;
  readonly handler: (event: ScheduledEvent, context: Context) => unknown;
  /** From the end of a call to the start of the next: calls never overlap here. */
  readonly everySeconds: number;
  /** When Lambda would stop the function. Default 900. */
  readonly timeoutSeconds?: number;
  /** How long `stop` waits for a call that runs. Default 10. */
  readonly graceSeconds?: number;
  /** Told what the handler threw; the next call comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** A running schedule. */
export interface RunningSchedule extends RunningFunction {
  /** Calls the function now (after the call that runs), and resolves when that call is over. */
  runNow(): Promise<void>;
}

const scheduledEvent = (functionName: string): ScheduledEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '000000000000',
  time: `${new Date().toISOString().slice(0, 19)}Z`,
  region: 'us-east-1',
  resources: [`arn:aws:events:us-east-1:000000000000:rule/${functionName}`],
  detail: {},
});

/** Calls a handler every so many seconds, the first time after one interval. */
export function runScheduledFunction(options: ScheduledFunctionOptions): RunningSchedule {
  const { functionName, everySeconds, timeoutSeconds = 900 } = options;
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const call = async (): Promise<void> => {
    if (stopped) return;
    try {
      await invoke(options.handler, scheduledEvent(functionName), { functionName, timeoutSeconds });
    } catch (error) {
      options.onError(error);
    }
  };
  const runNow = (): Promise<void> => {
    waiting += 1;
    last = last.then(call).finally(() => {
      waiting -= 1;
    });
    return last;
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void runNow().then(schedule), everySeconds * 1000);
  };
  schedule();

  return {
    runNow,
    idle: () => waiting === 0,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await withinGrace(last, options.graceSeconds);
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { invoke } from './lambda-context.ts';
import { type RunningFunction, withinGrace } from './running-function.ts';
import { failedMessageIds, sqsEvent } from './sqs-event.ts';

/** A queue and the function that Lambda would call with its messages. */
export interface QueueFunctionOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly handler: (event: SQSEvent, context: Context) => unknown;
  /** Messages in one call, 1 to 10 (10 is the most that one receive returns; there is no batching window here). */
  readonly batchSize: number;
  /** Calls at the same time, 1 or more. */
  readonly concurrency: number;
  /** How long a message is hidden while it is worked on; AWS wants at least 6 x `timeoutSeconds`. */
  readonly visibilityTimeoutSeconds: number;
  /** When Lambda would stop the function. Default 900, the most that Lambda allows. */
  readonly timeoutSeconds?: number;
  /**
   * After how many seconds a failed message comes back, by how often it was received. AWS leaves it hidden until the
   * visibility time-out ends, and `null` does the same here; the default is quicker: 1, 2, 4 … 30.
   */
  readonly retryDelaySeconds?: ((receiveCount: number) => number) | null;
  /** How long one receive waits for messages. Default 20, the longest long poll. */
  readonly waitSeconds?: number;
  /** How long `stop` waits for calls that run. Default 10. */
  readonly graceSeconds?: number;
  /** Told what a handler threw, and what SQS answered where it should have worked. */
  readonly onError: (error: unknown) => void;
}

/** 2^(n-1) seconds, 30 at most: soon enough to watch, late enough not to spin. */
const localBackoff = (receiveCount: number): number => Math.min(30, 2 ** Math.max(0, receiveCount - 1));

/** Pause after a receive that failed. Milliseconds. */
const RECEIVE_RETRY_MS = 500;

/** Polls a queue and calls a handler with what comes, as Lambda's event source mapping does with `ReportBatchItemFailures`. */
export function runQueueFunction(options: QueueFunctionOptions): RunningFunction {
  const stopping = new AbortController();
  const abandoned = new AbortController();
  let running = 0;

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const messages = await receive(options, stopping.signal);
      if (messages.length === 0) continue;
      running += 1;
      try {
        await workOn(messages, options, stopping.signal, abandoned.signal);
      } catch (error) {
        // A delete that failed: the messages come again, as they may on AWS.
        options.onError(error);
      } finally {
        running -= 1;
      }
    }
  };
  const pollers = Promise.all(Array.from({ length: options.concurrency }, poll));

  return {
    idle: () => running === 0,
    async stop() {
      stopping.abort();
      await withinGrace(pollers, options.graceSeconds);
      abandoned.abort();
    },
  };
}

async function receive(options: QueueFunctionOptions, signal: AbortSignal): Promise<Message[]> {
  try {
    const answer = await options.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: options.queueUrl,
        MaxNumberOfMessages: Math.min(10, options.batchSize),
        WaitTimeSeconds: options.waitSeconds ?? 20,
        VisibilityTimeout: options.visibilityTimeoutSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: signal },
    );
    return answer.Messages ?? [];
  } catch (error) {
    if (signal.aborted) return [];
    options.onError(error);
    await sleep(RECEIVE_RETRY_MS, undefined, { signal }).catch(() => {});
    return [];
  }
}

/** One call: deletes what succeeded, brings what failed back after a while. */
async function workOn(
  messages: readonly Message[],
  options: QueueFunctionOptions,
  stopping: AbortSignal,
  abandoned: AbortSignal,
): Promise<void> {
  const failed = await callHandler(messages, options, stopping);
  if (abandoned.aborted) return;
  const succeeded = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
  const again = messages.filter(({ MessageId = '' }) => failed.has(MessageId));
  await deleteMessages(succeeded, options);
  await delayMessages(again, options);
}

async function callHandler(
  messages: readonly Message[],
  options: QueueFunctionOptions,
  stopping: AbortSignal,
): Promise<ReadonlySet<string>> {
  const ids = messages.map(({ MessageId = '' }) => MessageId);
  const { functionName, timeoutSeconds = 900 } = options;
  try {
    const event = sqsEvent(messages, options.queueArn);
    return failedMessageIds(ids, await invoke(options.handler, event, { functionName, timeoutSeconds, stopping }));
  } catch (error) {
    options.onError(error);
    return new Set(ids);
  }
}

async function deleteMessages(messages: readonly Message[], { sqs, queueUrl }: QueueFunctionOptions): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  if (Failed?.length) throw new Error(`${Failed.length} finished messages were not deleted and will come again`);
}

async function delayMessages(messages: readonly Message[], options: QueueFunctionOptions): Promise<void> {
  const { sqs, queueUrl, retryDelaySeconds = localBackoff } = options;
  if (messages.length === 0 || retryDelaySeconds === null) return;
  const Entries = messages.map(({ ReceiptHandle, Attributes }, index) => ({
    Id: String(index),
    ReceiptHandle,
    VisibilityTimeout: retryDelaySeconds(Number(Attributes?.ApproximateReceiveCount ?? 1)),
  }));
  await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
}

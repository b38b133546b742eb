import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type SqsServer, type SqsServerOptions, startSqsServer } from '../../lib/local/sqs/server.ts';

/** A client that does not retry. */
export const clientOf = (endpoint: string): SQSClient =>
  new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    maxAttempts: 1,
  });

/** The data directory, the server and its client: new for each test. */
export let directory: string;
export let server: SqsServer;
export let sqs: SQSClient;
/** The server's time of day: the tests move it. */
export let now: number;

/** Starts the server (again) on the same data, on the clock that `pass` moves. */
export async function start(): Promise<void> {
  server = await startSqsServer({ dataDir: directory, clock: { now: () => new Date(now) } });
  sqs = clientOf(server.endpoint);
}

/** Starts the server on another directory or in real time; the one before must be closed. */
export async function startWith(options: SqsServerOptions): Promise<void> {
  server = await startSqsServer(options);
  sqs = clientOf(server.endpoint);
}

/** Lets the server's time pass. */
export function pass(milliseconds: number): void {
  now += milliseconds;
}

export async function restart(): Promise<void> {
  await server.close();
  await start();
}

/** Gives each test of a file its own server. */
export function useSqsServer(): void {
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'local-sqs-'));
    now = Date.UTC(2026, 10, 23, 8);
    await start();
  });

  afterEach(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
}

export const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
/** URLs name the port of this start, and queues outlive it. */
export const urlOf = (name: string): string => `${server.endpoint}/000000000000/${name}`;

export const create = (QueueName: string, Attributes: Record<string, string> = {}) =>
  sqs.send(new CreateQueueCommand({ QueueName, Attributes }));

export const send = (name: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody, ...more }));

export async function receive(name: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const answer = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: urlOf(name),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      ...more,
    }),
  );
  return answer.Messages ?? [];
}

export const bodies = async (name: string, more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await receive(name, more)).map(({ Body }) => Body);

export const remove = (name: string, { ReceiptHandle }: Message) =>
  sqs.send(new DeleteMessageCommand({ QueueUrl: urlOf(name), ReceiptHandle }));

export async function counts(name: string) {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed),
  };
}

/** Name of the error that a request ends in. */
export const failure = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'none',
    (error: Error) => error.name,
  );

export const withDeadLetters = async (maxReceiveCount: number): Promise<void> => {
  await create('dead');
  await create('q', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount }),
  });
};

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import { notImplemented, SqsError } from './errors.ts';
import { MoveTasks, moveOperations } from './move-tasks.ts';
import type { Context, Operation } from './operation.ts';
import { parseParameters } from './parameters.ts';
import { queueOperations } from './queue-operations.ts';
import { QueueRegistry } from './queue-registry.ts';
import { receiveOperations } from './receive-operations.ts';
import { sendOperations } from './send-operations.ts';

/** How to start the server. */
export interface SqsServerOptions {
  /** Folder for queues; made if missing. One server at a time. */
  readonly dataDir: string;
  /** 0 (the default): a free one. */
  readonly port?: number;
  /** Part of queue ARNs. Default us-east-1. */
  readonly region?: string;
  /** Part of queue ARNs and URLs. Default 000000000000. */
  readonly accountId?: string;
  readonly clock?: Clock;
}

/** A running server. */
export interface SqsServer {
  readonly endpoint: string;
  readonly port: number;
  /** Sends without HTTP, as an AWS service would: with the queue's own delay. Throws `QueueDoesNotExist`. */
  send(queueArn: string, body: string): void;
  /** Answers waiting polls at once, ends open connections; then nothing writes to the data directory any more. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** How long closing waits for requests that are still arriving (milliseconds). */
const GRACE_MS = 500;
const TARGET = /^AmazonSQS\.(\w+)$/;
/** Ten messages of the batch limit, base64 and JSON escapes included, in bytes. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...queueOperations,
  ...sendOperations,
  ...receiveOperations,
  ...moveOperations,
};

/** Reads the whole body; of one that is too long only the first part, so that the client still hears why. */
async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= MAX_REQUEST_BYTES) pieces.push(piece);
  }
  if (bytes > MAX_REQUEST_BYTES) throw new SqsError('SerializationException', 'The request is too long.');
  return Buffer.concat(pieces).toString('utf8');
}

async function run(request: IncomingMessage, context: Context): Promise<unknown> {
  const body = await readBody(request);
  const [, action] = TARGET.exec(request.headers['x-amz-target']?.toString() ?? '') ?? [];
  if (action === undefined)
    throw notImplemented('the query protocol; send JSON 1.0 with X-Amz-Target: AmazonSQS.<Action>');
  const operation = Object.hasOwn(OPERATIONS, action) ? OPERATIONS[action] : undefined;
  if (!operation) throw notImplemented(action);
  return operation(parseParameters(body), context);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(body));
}

function answerError(response: ServerResponse, error: unknown): void {
  if (!(error instanceof SqsError)) console.error('local SQS server:', error);
  const known = error instanceof SqsError ? error : new SqsError('InternalFailure', String(error));
  response.setHeader('x-amzn-query-error', `${known.legacyCode};${known.status < 500 ? 'Sender' : 'Receiver'}`);
  answer(response, known.status, { __type: `com.amazonaws.sqs#${known.code}`, message: known.message });
}

/**
 * Starts an SQS-compatible server (JSON protocol) on the loopback address, for one machine. Signatures are not looked
 * at. What it does differently from AWS is listed in `lib/local/README.md`; what it does not do it answers with 501.
 */
export async function startSqsServer(options: SqsServerOptions): Promise<SqsServer> {
  const clock = options.clock ?? { now: () => new Date() };
  const owner = { region: options.region ?? 'us-east-1', accountId: options.accountId ?? '000000000000' };
  const registry = new QueueRegistry(options.dataDir, owner, clock);
  const tasks = new MoveTasks();
  const polls = new Set<AbortController>();
  const running = new Set<Promise<void>>();
  let endpoint = '';

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const poll = new AbortController();
    polls.add(poll);
    response.once('close', () => {
      poll.abort();
      polls.delete(poll);
    });
    const urlOf: Context['urlOf'] = (queue) => `${endpoint}/${owner.accountId}/${queue.name}`;
    try {
      answer(response, 200, await run(request, { registry, tasks, clock, signal: poll.signal, urlOf }));
    } catch (error) {
      if (!request.destroyed || request.complete) answerError(response, error);
    }
  };

  // Idle clients keep their connection: closing it under a client that is about to send fails its request.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const work = serve(request, response).finally(() => running.delete(work));
    running.add(work);
  });
  server.listen(options.port ?? 0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  endpoint = `http://${HOST}:${port}`;
  return {
    endpoint,
    port,
    send: (queueArn, body) => {
      const queue = registry.findByArn(queueArn);
      if (!queue) throw new SqsError('QueueDoesNotExist', `The specified queue does not exist: ${queueArn}`);
      queue.send({ body, attributes: {}, systemAttributes: {} });
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const poll of polls) poll.abort();
      await Promise.race([Promise.allSettled(running), delay(GRACE_MS)]);
      server.closeAllConnections();
      await closed;
      await Promise.allSettled(running);
      registry.close();
    },
  };
}

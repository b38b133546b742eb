import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RequestData } from 'dynalite/db/index.js';
import { operations, type ServerState } from './operations.ts';
import { jsonOf } from './read-page.ts';
import { isErrorAnswer } from './service-error.ts';

/** Largest request that DynamoDB takes. */
const maxRequestBytes = 16 * 2 ** 20;
const jsonType = 'application/x-amz-json-1.0';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An HTTP server that speaks DynamoDB's JSON 1.0 protocol (without checking signatures). Not listening yet. */
export function createHttpServer(state: ServerState): Server {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => answerRequest(request, body, state))
      .then(
        (answer) => send(response, answer),
        (error: unknown) => {
          if (!response.destroyed) response.destroy();
          if (!request.destroyed) console.error('local DynamoDB: request failed', error);
        },
      );
  });
  // Node closes idle connections after 5 s, just when an SDK may be about to use one again.
  server.keepAliveTimeout = 120_000;
  return server;
}

/** Null when it is larger than DynamoDB takes; it is read to its end, so that the client hears the answer. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= maxRequestBytes) pieces.push(piece);
  }
  return bytes > maxRequestBytes ? null : Buffer.concat(pieces).toString('utf8');
}

async function answerRequest(request: IncomingMessage, body: string | null, state: ServerState): Promise<Answer> {
  if (request.method === 'GET') return { status: 200, body: { status: 'healthy' } };
  if (body === null) return refusal('RequestEntityTooLarge', 'Request is larger than 16 MB', 413);
  const [api, name = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (request.method !== 'POST' || api !== 'DynamoDB_20120810' || operation === undefined) {
    return refusal('UnknownOperationException', `This local server has no operation ${name}`);
  }
  // Any signature will do, but there must be one: a web page cannot send this header across origins.
  if (!request.headers.authorization?.startsWith('AWS4-')) {
    return refusal('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  }
  const data = parseObject(body);
  if (data === null) return refusal('SerializationException', 'Request is no JSON object');
  try {
    return { status: 200, body: await operation(data, state, body) };
  } catch (error) {
    if (isErrorAnswer(error)) return { status: error.statusCode, body: error.body };
    console.error(`local DynamoDB: ${name} failed`, error);
    return { status: 500, body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: name } };
  }
}

function refusal(type: string, message: string, status = 400): Answer {
  return { status, body: { __type: `com.amazon.coral.service#${type}`, message } };
}

function parseObject(body: string): RequestData | null {
  try {
    const data: unknown = JSON.parse(body);
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as RequestData) : null;
  } catch {
    return null;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const bytes = Buffer.from(body === '' ? '' : jsonOf(body));
  response.writeHead(status, {
    'Content-Type': jsonType,
    'Content-Length': bytes.length,
    'x-amzn-RequestId': randomUUID(),
  });
  response.end(bytes);
}

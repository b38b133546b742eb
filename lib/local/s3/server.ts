import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { Clock } from '../../ports/clock.ts';
import { BucketStore } from './bucket-store.ts';
import type { Call, Credentials, Reply, Service } from './call.ts';
import { S3Error } from './errors.ts';
import { findOperation } from './routing.ts';
import { authorize } from './signature.ts';
import { element, leaf } from './xml.ts';

/** How to start the server. */
export interface S3ServerOptions {
  /** Folder for buckets; made if missing. One server at a time. */
  readonly dataDir: string;
  /** 0 (the default): a free one. */
  readonly port?: number;
  /** Default S3RVER / S3RVER. */
  readonly credentials?: Credentials;
  /** Receives a bucket's notifications. Throws when the queue does not exist. Default: they go nowhere. */
  readonly onEvent?: Service['notify'];
  readonly clock?: Clock;
  /** What events name as their region. Default us-east-1. */
  readonly region?: string;
}

/** A running server. */
export interface S3Server {
  /** Has an IP address in it, so that the SDK uses path-style addresses by itself. */
  readonly endpoint: string;
  readonly port: number;
  /** Ends open connections; resolves when nothing writes to the data directory any more. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const MAX_KEY_BYTES = 1024;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** Takes the request apart without the URL class, which would resolve `..` and collapse what keys may contain. */
function parseTarget(url: string): { path: string; bucket: string; key: string; query: [string, string][] } {
  const mark = url.indexOf('?');
  const path = decode(mark < 0 ? url : url.slice(0, mark));
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const pairs = mark < 0 ? [] : url.slice(mark + 1).split('&');
  const query = pairs
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError', 'Your key is too long');
  return { path, bucket, key, query };
}

function joinedHeaders(request: IncomingMessage): Record<string, string | undefined> {
  const entries = Object.entries(request.headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]));
}

function openCall(request: IncomingMessage, requestId: string, credentials: Credentials, service: Service): Call {
  const { path, bucket, key, query } = parseTarget(request.url ?? '/');
  const method = request.method ?? '';
  const headers = joinedHeaders(request);
  const authorization = authorize({ method, path, query, headers }, credentials, service.clock.now());
  // A presigner moves metadata from headers into the query. (It also moves the checksum of an empty body: not taken.)
  const moved = query.filter(([name]) => name.startsWith('x-amz-') && !/^x-amz-(sdk-)?checksum-/.test(name));
  return {
    method,
    bucket,
    key,
    query: new Map(query),
    headers: { ...Object.fromEntries(moved), ...headers },
    authorization,
    request,
    requestId,
  };
}

function errorReply(error: unknown, resource: string, requestId: string): Reply {
  const known = error instanceof S3Error;
  if (!known) console.error('local S3 server:', error);
  const [status, code] = known ? [error.status, error.code] : [500, 'InternalError'];
  if (status === 304) return { status, headers: known ? error.headers : {} };
  const message = error instanceof Error ? error.message : String(error);
  const details = [leaf('Code', code), leaf('Message', message), leaf('Resource', resource)];
  return {
    status,
    headers: { 'content-type': 'application/xml', ...(known ? error.headers : {}) },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', ...details, leaf('RequestId', requestId))}`,
  };
}

async function send(reply: Reply, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // An answer before the end of the body is only read by a client that has sent all of it.
  if (!request.complete) {
    request.resume();
    await finished(request);
  }
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    if (value !== undefined) response.setHeader(name, value);
  }
  const { body } = reply;
  if (request.method === 'HEAD' || body === undefined) response.end();
  else if (typeof body === 'string') response.end(body);
  else await pipeline(body, response);
}

/**
 * Starts an S3-compatible server on the loopback address, for one machine. What it does differently from AWS is listed
 * in `lib/local/README.md`; what it does not do it answers with 501 NotImplemented.
 */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const credentials = options.credentials ?? { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const service: Service = {
    store: new BucketStore(options.dataDir),
    clock: options.clock ?? { now: () => new Date() },
    region: options.region ?? 'us-east-1',
    notify: options.onEvent ?? (() => undefined),
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    response.setHeader('x-amz-request-id', requestId);
    let reply: Reply;
    try {
      const call = openCall(request, requestId, credentials, service);
      reply = await findOperation(call)(call, service);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      reply = errorReply(error, request.url ?? '', requestId);
    }
    // A client that went away is told nothing.
    await send(reply, request, response).catch(() => {
      response.destroy();
      if (reply.body instanceof Readable) reply.body.destroy();
    });
  };
  const running = new Set<Promise<void>>();
  // Uploads may take longer than the five minutes that node allows, and idle clients keep their connection.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
    const work = answer(request, response).finally(() => running.delete(work));
    running.add(work);
  });
  server.listen(options.port ?? 0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://${HOST}:${port}`,
    port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await Promise.allSettled(running);
    },
  };
}

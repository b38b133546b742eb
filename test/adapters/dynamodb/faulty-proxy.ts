import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request: it goes through, its answer is lost after the server did it, or an error is answered. */
export type Fault = 'none' | 'lost-answer' | { readonly status: number; readonly body: object };

export interface FaultyProxy {
  readonly endpoint: string;
  /** Decides about each request by its operation, such as `TransactWriteItems`. */
  decide: (operation: string) => Fault;
  close(): Promise<void>;
}

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' };

/** Jest's Error is not the one of node:http, so a cut socket reaches the SDK without its code here; this is the same to us. */
const LOST = { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'the answer is lost' };

/** A proxy in front of a DynamoDB server that does to requests what a network and a busy service do. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const bytesOf = async (message: IncomingMessage) => Buffer.concat(await message.toArray());
  const server = createServer(async (incoming, response) => {
    const body = await bytesOf(incoming);
    const fault = proxy.decide(String(incoming.headers['x-amz-target']).split('.').at(-1) ?? '');
    if (typeof fault === 'object') {
      response.writeHead(fault.status, JSON_TYPE);
      response.end(JSON.stringify(fault.body));
      return;
    }
    const { method, headers } = incoming;
    const onward = forward(`${target}${incoming.url}`, { method: method ?? 'POST', headers });
    onward.end(body);
    const answer = await new Promise<IncomingMessage>((resolve) => onward.once('response', resolve));
    const bytes = await bytesOf(answer);
    if (fault === 'lost-answer') response.writeHead(500, JSON_TYPE).end(JSON.stringify(LOST));
    else response.writeHead(answer.statusCode ?? 500, answer.headers).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const proxy: FaultyProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide: () => 'none',
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

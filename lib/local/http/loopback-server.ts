import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How to open a server. */
export interface LoopbackOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Taken where `port` is 0 and nobody else has it, so that addresses stay the same over restarts. */
  readonly lastPort?: number;
  /** Names in the Host header that are answered; any other gets 421. */
  readonly hosts: readonly string[];
}

/** A server of the local stack. Its port is known before its handler is, since the stand-ins name each other's addresses. */
export interface LoopbackServer {
  readonly port: number;
  /** Sets what answers; until then the server says 503. */
  answer(listener: (request: IncomingMessage, response: ServerResponse) => unknown): void;
  close(): Promise<void>;
}

/** As API Gateway: request line and header values together. Bytes. */
const MAX_HEADER_BYTES = 10_240;

/**
 * Opens a server on 127.0.0.1. It answers only requests that name one of its hosts: a page of another site that resolves
 * its own name to this address gets nothing.
 */
export async function openLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  let answer: RequestListener = (_, response) => {
    response.writeHead(503, { 'content-type': 'text/plain' }).end('The stack is starting.\n');
  };
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (options.hosts.includes(host)) answer(request, response);
    else response.writeHead(421, { 'content-type': 'text/plain' }).end(`This is ${options.hosts.join(' or ')}.\n`);
  });
  await listen(server, options.port, options.lastPort);
  return {
    port: (server.address() as AddressInfo).port,
    answer(listener) {
      answer = (request, response) => void listener(request, response);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number, lastPort: number | undefined): Promise<void> {
  if (port === 0 && lastPort !== undefined && (await tryPort(server, lastPort))) return;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

/** False where someone else has the port. */
function tryPort(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const taken = () => resolve(false);
    server.once('error', taken);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', taken);
      resolve(true);
    });
  });
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type StartPageModel, startPage } from '../pages/start-page.ts';

/** A running start page. */
export interface StartPageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the start page on 127.0.0.1. It shows a password, so it answers only requests that name a loopback host: a
 * page of another site that resolves its own name to this address gets nothing.
 */
export async function startPageServer(port: number, model: () => Promise<StartPageModel>): Promise<StartPageServer> {
  const server = createServer(async (request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    response.setHeader('cache-control', 'no-store');
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    if (host !== '127.0.0.1' && host !== 'localhost') {
      response.writeHead(421, { 'content-type': 'text/plain' }).end('Open this page as 127.0.0.1.\n');
    } else if (request.url !== '/') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is only one page here: /\n');
    } else {
      try {
        const page = startPage(await model());
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      } catch {
        response.writeHead(503, { 'content-type': 'text/plain' }).end('The stack is starting or stopping.\n');
      }
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mailsPage } from '../pages/mails-page.ts';
import { type StartPageModel, startPage } from '../pages/start-page.ts';
import type { MailStore } from './notify/mail-store.ts';

/** A running start page. */
export interface StartPageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the start page on 127.0.0.1. It shows a password, so it answers only requests that name a loopback host: a
 * page of another site that resolves its own name to this address gets nothing.
 */
export async function startPageServer(
  port: number,
  model: () => Promise<StartPageModel>,
  mails: Pick<MailStore, 'list'>,
): Promise<StartPageServer> {
  const server = createServer(async (request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    response.setHeader('cache-control', 'no-store');
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    if (host !== '127.0.0.1' && host !== 'localhost') {
      response.writeHead(421, { 'content-type': 'text/plain' }).end('Open this page as 127.0.0.1.\n');
    } else {
      try {
        const page = request.url === '/' ? startPage(await model()) : mailPage(request.url ?? '', mails);
        if (page === null) {
          response.writeHead(404, { 'content-type': 'text/plain' }).end('There are two pages here: / and /mails\n');
          return;
        }
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

/** `/mails`, or the HTML part of one of them. */
function mailPage(path: string, mails: Pick<MailStore, 'list'>): string | null {
  if (path === '/mails') return mailsPage(mails.list());
  return mails.list().find(({ id }) => path === `/mails/${id}`)?.html ?? null;
}

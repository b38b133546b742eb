import type { IncomingMessage, ServerResponse } from 'node:http';

/** Pages of the stand-ins need their own styles and forms, and nothing else. */
const pagePolicy = (formOrigins: readonly string[]): string =>
  [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    `form-action ${["'self'", ...formOrigins].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * Sends a page of a stand-in; never kept by a browser, so that the back button shows no earlier person. `formOrigins`:
 * where its forms may lead to beside the page's own origin, redirects included.
 */
export function sendPage(
  response: ServerResponse,
  status: number,
  html: string,
  formOrigins: readonly string[] = [],
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy(formOrigins),
    'cache-control': 'no-store',
    // Not `no-referrer`: browsers then send the page's own forms with `Origin: null`.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  response.end(html);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(value)}\n`);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

/** 303: the browser goes on with GET. `location` is never taken from the request. */
export function sendOn(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
}

/** Whether the caller is a script that wants JSON. */
export const wantsJson = (request: IncomingMessage): boolean =>
  (request.headers.accept ?? '').includes('application/json');

/** The path and the query of a request. */
export const addressOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://localhost');

/** The value of a cookie; null where there is none, or more than one of that name (somebody tosses cookies). */
export function cookieOf(request: IncomingMessage, name: string): string | null {
  const values = (request.headers.cookie ?? '').split(/; */).filter((cookie) => cookie.startsWith(`${name}=`));
  return values.length === 1 ? (values[0] ?? '').slice(name.length + 1) : null;
}

/** Sets a cookie of this host that scripts cannot read. An empty value removes it. */
export function setCookie(response: ServerResponse, name: string, value: string): void {
  const life = value === '' ? '; Max-Age=0' : '';
  response.appendHeader('set-cookie', `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${life}`);
}

/** Whether a form was sent by a page of this server, or by a script; a browser names the page's origin. */
export const isOwnForm = ({ headers }: IncomingMessage): boolean =>
  headers.origin === undefined || headers.origin === `http://${headers.host}`;

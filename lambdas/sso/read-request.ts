import type { HttpEvent } from '../../lib/contracts/sign-on-http.ts';
import type { Parameters, SsoRequest } from '../../lib/flows/sso/exchange.ts';

/** A request that no flow gets to see: too large, or of a shape that is never sent. */
export interface Unreadable {
  readonly status: 400 | 413 | 415 | 431;
  readonly code: string;
}

/** Forms of the token endpoint have some 500 bytes. */
const MAX_BODY = 16 * 1024;
const MAX_QUERY = 8 * 1024;
/** HTTP APIs take 10,240 bytes of headers and path; other gateways may take more. */
const MAX_HEADERS = 16 * 1024;
const MAX_PARAMETERS = 40;

const FORM = /^application\/x-www-form-urlencoded\s*(;.*)?$/i;

/** Takes an event apart, bounded before anything is decoded. */
export function readRequest(event: HttpEvent): SsoRequest | Unreadable {
  const { headers, cookies = [], rawQueryString = '' } = event;
  const cookieLines = cookies.length > 0 ? cookies : (headers['cookie'] ?? '').split(';');
  const size = [...Object.entries(headers).flat(), ...cookies].reduce((sum, text) => sum + (text?.length ?? 0), 0);
  if (size > MAX_HEADERS) return { status: 431, code: 'headers-too-large' };
  if (rawQueryString.length > MAX_QUERY) return { status: 413, code: 'query-too-large' };
  if ((event.body?.length ?? 0) > MAX_BODY * 2) return { status: 413, code: 'body-too-large' };
  const body = bodyOf(event);
  if (body.length > MAX_BODY) return { status: 413, code: 'body-too-large' };
  const { method } = event.requestContext.http;
  if (method === 'POST' && body !== '' && !FORM.test(headers['content-type'] ?? ''))
    return { status: 415, code: 'not-a-form' };
  const query = readParameters(rawQueryString);
  const form = method === 'POST' ? readParameters(body) : new Map<string, string>();
  if (typeof query === 'string') return { status: 400, code: query };
  if (typeof form === 'string') return { status: 400, code: form };
  return { method, query, form, cookies: readCookies(cookieLines), headers };
}

function bodyOf({ body = '', isBase64Encoded }: HttpEvent): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/**
 * Or the code of what is wrong: a name that stands twice (RFC 6749 §3.1), as which of two values counts is how checks are
 * led around; or more of them than anybody sends.
 */
function readParameters(text: string): Parameters | 'repeated-parameter' | 'too-many-parameters' {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (values.has(name)) return 'repeated-parameter';
    if (values.size >= MAX_PARAMETERS) return 'too-many-parameters';
    values.set(name, value);
  }
  return values;
}

/**
 * Only what RFC 6265 calls white space. `trim` would also take a U+2000 from the front of a name, which a browser does not
 * see as `__Host-` and so lets another host of the domain set.
 */
const withoutBlanks = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

/** Names of ours, and of nobody else that matters here. */
const COOKIE_NAME = /^[\w-]+$/;

/** The first of a name counts, as browsers send the most exact path first; ours are `__Host-`, so there is one. */
function readCookies(lines: readonly string[]): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const line of lines) {
    const equals = line.indexOf('=');
    const name = withoutBlanks(line.slice(0, equals));
    if (equals > 0 && COOKIE_NAME.test(name) && !cookies.has(name))
      cookies.set(name, withoutBlanks(line.slice(equals + 1)));
  }
  return cookies;
}

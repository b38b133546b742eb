import type { ServerResponse } from 'node:http';

/** What the gateway sends back. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Each becomes a Set-Cookie of its own. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** An answer of the gateway itself: `{"message": …}`. */
export const gatewayMessage = (statusCode: number, message: string): GatewayAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: Buffer.from(JSON.stringify({ message })),
});

/** Headers that belong to the connection: the gateway sets them, whatever the function says. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive']);

/**
 * Reads what a function returned (payload format 2.0). Without `statusCode` the whole value is the body of a 200 in JSON.
 * Null where the answer cannot be sent: AWS says 500 then.
 */
export function readFunctionAnswer(returned: unknown): GatewayAnswer | null {
  if (!isRecord(returned) || returned['statusCode'] === undefined) return inferredAnswer(returned);
  const statusCode = Number(returned['statusCode']);
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) return null;
  const { headers = {}, cookies = [], body = '', isBase64Encoded = false } = returned;
  if (!isRecord(headers) || !Array.isArray(cookies) || typeof body !== 'string') return null;
  if (!cookies.every((cookie) => typeof cookie === 'string')) return null;
  const sent = Object.entries(headers)
    .filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()))
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  const bytes = Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  return { statusCode, headers: Object.fromEntries(sent), cookies: cookies as string[], body: bytes };
}

function inferredAnswer(returned: unknown): GatewayAnswer | null {
  const body = typeof returned === 'string' ? returned : JSON.stringify(returned);
  if (body === undefined) return null;
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
}

/** Sends an answer. A header that HTTP does not allow is a 500, as nothing of it may reach the wire. */
export function sendAnswer(response: ServerResponse, answer: GatewayAnswer, requestId: string): void {
  try {
    response.statusCode = answer.statusCode;
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    if (answer.cookies.length > 0) response.setHeader('set-cookie', [...answer.cookies]);
    response.setHeader('apigw-requestid', requestId);
    response.end(answer.body);
  } catch {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}');
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { DEV_THROTTLES } from '../../../lib/contracts/sign-on-routes.ts';
import { createGateway, type GatewayOptions } from '../../../lib/local/http/gateway.ts';
import { type LoopbackServer, openLoopback } from '../../../lib/local/http/loopback-server.ts';
import { SIGN_ON_GATEWAY_ROUTES } from '../../../lib/local/http/sign-on-routes.ts';
import { createThrottle } from '../../../lib/local/http/throttle.ts';

let server: LoopbackServer;
let errors: unknown[] = [];

beforeAll(async () => {
  server = await openLoopback({ port: 0, hosts: ['127.0.0.1'] });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One request as raw as Node allows: header names and order are the caller's. */
async function send(
  target: string,
  options: { method?: string; headers?: readonly string[]; body?: string | Buffer; host?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = [], body = '', host = `127.0.0.1:${server.port}` } = options;
  return new Promise((resolve, reject) => {
    const all = ['Host', host, ...headers, ...(body === '' ? [] : ['Content-Length', String(Buffer.byteLength(body))])];
    const sent = httpRequest(
      { port: server.port, host: '127.0.0.1', method, path: target, headers: all },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function serve(handler: GatewayOptions['handler'], more: Partial<GatewayOptions> = {}): void {
  errors = [];
  const routes = [
    { method: 'GET', path: '/launch' },
    { method: 'POST', path: '/token' },
  ];
  server.answer(
    createGateway({ routes, functionName: 'sso', handler, onError: (error) => errors.push(error), ...more }),
  );
}

/** The event of one request. */
async function eventOf(...request: Parameters<typeof send>): Promise<APIGatewayProxyEventV2> {
  let seen: APIGatewayProxyEventV2 | undefined;
  serve((event) => {
    seen = event;
    return { statusCode: 204 };
  });
  await send(...request);
  if (seen === undefined) throw new Error('the function was not called');
  return seen;
}

describe('the event', () => {
  test('has the path, the query as sent, and the parameters with doubles joined', async () => {
    const event = await eventOf('/launch?a=1&b=%20x&a=2');
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /launch',
      rawPath: '/launch',
      rawQueryString: 'a=1&b=%20x&a=2',
      queryStringParameters: { a: '1,2', b: ' x' },
      isBase64Encoded: false,
      requestContext: {
        domainName: '127.0.0.1',
        stage: '$default',
        http: { method: 'GET', path: '/launch', sourceIp: '127.0.0.1', protocol: 'HTTP/1.1' },
      },
    });
    expect(event).not.toHaveProperty('body');
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });

  test('has header names in lower case, doubles joined by a comma, and no parameters where there is no query', async () => {
    const event = await eventOf('/launch', { headers: ['X-One', 'a', 'x-one', 'b', 'User-Agent', 'me'] });
    expect(event.headers).toMatchObject({ 'x-one': 'a,b', 'user-agent': 'me', 'x-forwarded-proto': 'http' });
    expect(event.requestContext.http.userAgent).toBe('me');
    expect(event).not.toHaveProperty('queryStringParameters');
  });

  test('has cookies apart, one entry each, in the order sent, and no cookie header', async () => {
    const event = await eventOf('/launch', { headers: ['Cookie', 'a=1; b=2', 'Cookie', 'a=3'] });
    expect(event.cookies).toEqual(['a=1', 'b=2', 'a=3']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test.each([
    ['application/json', '{"ä":1}', false, '{"ä":1}'],
    ['text/plain; charset=utf-8', 'ä', false, 'ä'],
    ['application/x-www-form-urlencoded', 'code=1', true, Buffer.from('code=1').toString('base64')],
    ['application/octet-stream', Buffer.from([0, 255]), true, 'AP8='],
  ])('has a %s body %j with isBase64Encoded %s', async (type, body, isBase64Encoded, expected) => {
    const event = await eventOf('/token', { method: 'POST', headers: ['Content-Type', type], body });
    expect(event).toMatchObject({ isBase64Encoded, body: expected });
  });

  test('says whom the client speaks for only after what it claims itself', async () => {
    const event = await eventOf('/launch', { headers: ['X-Forwarded-For', '6.6.6.6'] });
    expect(event.headers['x-forwarded-for']).toBe('6.6.6.6, 127.0.0.1');
    expect(event.requestContext.http.sourceIp).toBe('127.0.0.1');
  });
});

describe('the answer', () => {
  test('has status, headers, and a Set-Cookie for each cookie', async () => {
    serve(() => ({
      statusCode: 303,
      headers: { Location: '/there', 'Cache-Control': 'no-store' },
      cookies: ['a=1; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT', 'b=2'],
      body: '',
    }));
    const { status, headers } = await send('/launch');
    expect(status).toBe(303);
    expect(headers).toMatchObject({ location: '/there', 'cache-control': 'no-store' });
    expect(headers['set-cookie']).toEqual(['a=1; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT', 'b=2']);
    expect(headers['apigw-requestid']).toBeDefined();
  });

  test.each([
    ['a body in base64', { statusCode: 200, body: 'w6Q=', isBase64Encoded: true }, 200, 'ä'],
    ['a value without statusCode', { hello: 1 }, 200, '{"hello":1}'],
    ['a string', 'hello', 200, 'hello'],
    ['a status that is none', { statusCode: 'x' }, 500, '{"message":"Internal Server Error"}'],
    ['a body that is no string', { statusCode: 200, body: {} }, 500, '{"message":"Internal Server Error"}'],
    ['nothing', undefined, 500, '{"message":"Internal Server Error"}'],
    [
      'a header with a line break',
      { statusCode: 200, headers: { x: 'a\r\nb: c' } },
      500,
      '{"message":"Internal Server Error"}',
    ],
  ])('from %s', async (_, returned, status, body) => {
    serve(() => returned);
    expect(await send('/launch')).toMatchObject({ status, body });
  });

  test('of a function that throws is a 500 without what it threw', async () => {
    serve(() => {
      throw new Error('secret');
    });
    expect(await send('/launch')).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
    expect(errors).toEqual([new Error('secret')]);
  });

  test('of a function that takes too long is a 503', async () => {
    serve(() => new Promise(() => {}), { timeoutSeconds: 0.05 });
    expect(await send('/launch')).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' });
  });
});

describe('the gateway itself', () => {
  test.each([
    ['GET', '/nowhere'],
    ['HEAD', '/launch'],
    ['OPTIONS', '/token'],
    ['POST', '/launch'],
    ['GET', '/launch/'],
  ])('answers %s %s, which is no route, with 404', async (method, path) => {
    serve(() => ({ statusCode: 200 }));
    expect((await send(path, { method })).status).toBe(404);
  });

  test('refuses a body that is too long and never calls the function', async () => {
    let calls = 0;
    serve(() => ({ statusCode: 200, body: String(++calls) }), { maxBodyBytes: 10 });
    expect((await send('/token', { method: 'POST', body: 'x'.repeat(11) })).status).toBe(413);
    expect(calls).toBe(0);
    expect((await send('/token', { method: 'POST', body: 'x'.repeat(10) })).body).toBe('1');
  });

  test('refuses more calls of a route than its throttle allows, and of no other route', async () => {
    const throttle = { ratePerSecond: 0.001, burst: 2 };
    const routes = [
      { method: 'GET', path: '/launch', throttle },
      { method: 'POST', path: '/token' },
    ];
    serve(() => ({ statusCode: 200 }), { routes });
    const answers = [await send('/launch'), await send('/launch'), await send('/launch')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.body).toBe('{"message":"Too Many Requests"}');
    expect((await send('/token', { method: 'POST' })).status).toBe(200);
  });

  test('has the sign-on with the limits of the stage dev, a bucket for each route', async () => {
    let calls = 0;
    serve(() => ({ statusCode: 200, body: String(++calls) }), { routes: SIGN_ON_GATEWAY_ROUTES });
    const { burst, ratePerSecond } = DEV_THROTTLES['GET /healthz'];
    const started = performance.now();
    const statuses = (await Promise.all(Array.from({ length: 3 * burst }, () => send('/healthz')))).map(
      (each) => each.status,
    );
    const refilled = Math.ceil(((performance.now() - started) / 1000) * ratePerSecond);
    const passed = statuses.filter((status) => status === 200).length;
    expect(passed).toBe(calls);
    expect(passed).toBeGreaterThanOrEqual(burst);
    expect(passed).toBeLessThanOrEqual(burst + refilled);
    expect(statuses.filter((status) => status === 429)).toHaveLength(3 * burst - passed);
    expect((await send('/callback')).status).toBe(200);
  });

  test('refuses headers over 10,240 bytes', async () => {
    serve(() => ({ statusCode: 200 }));
    expect((await send('/launch', { headers: ['X-Long', 'x'.repeat(10_300)] })).status).toBe(431);
  });

  test('answers no other host name', async () => {
    serve(() => ({ statusCode: 200 }));
    expect((await send('/launch', { host: `evil.example:${server.port}` })).status).toBe(421);
  });
});

test('a throttle gets its tokens back with time, and never more than its burst', () => {
  const mayGoOn = createThrottle({ ratePerSecond: 2, burst: 2 });
  const at = (...millis: number[]) => millis.map(mayGoOn);
  expect(at(0, 0, 0)).toEqual([true, true, false]);
  expect(at(500, 500)).toEqual([true, false]);
  expect(at(60_000, 60_000, 60_000)).toEqual([true, true, false]);
});

test('a server takes the port that it had, and another where somebody else has it', async () => {
  const first = await openLoopback({ port: 0, hosts: ['127.0.0.1'] });
  const second = await openLoopback({ port: 0, lastPort: first.port, hosts: ['127.0.0.1'] });
  expect(second.port).not.toBe(first.port);
  const lastPort = first.port;
  await first.close();
  const third = await openLoopback({ port: 0, lastPort, hosts: ['127.0.0.1'] });
  expect(third.port).toBe(lastPort);
  await second.close();
  await third.close();
});

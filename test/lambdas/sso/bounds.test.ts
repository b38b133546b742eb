import { ROUTES } from '../../../lambdas/sso/routes.ts';
import type { HttpEvent } from '../../../lib/contracts/sign-on-http.ts';
import { SIGN_ON_ROUTES } from '../../../lib/contracts/sign-on-routes.ts';
import { SignOnWorld } from '../../flows/sso/sign-on-world.ts';

const world = new SignOnWorld();
beforeAll(() => world.open(), 60_000);
afterAll(() => world.close());

const FORM = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
const KB = 1024;

/** A request of a route, with what a test changes. Answers status and code. */
async function send(route: string, change: Partial<HttpEvent>): Promise<readonly [number, string]> {
  const [method = '', rawPath = ''] = route.split(' ');
  const { statusCode, headers, body } = await world.handle({
    rawPath,
    headers: FORM,
    requestContext: { http: { method } },
    ...change,
  });
  const isProblem = headers['content-type'] === 'application/problem+json';
  return [statusCode, isProblem ? (JSON.parse(body) as { code: string }).code : ''];
}

describe.each([...SIGN_ON_ROUTES])('%s is bounded before anything is decoded', (route) => {
  test.each<[string, Partial<HttpEvent>, number, string]>([
    ['a header of 1 MB', { headers: { ...FORM, 'x-long': 'x'.repeat(KB * KB) } }, 431, 'headers-too-large'],
    ['a name of a header of 1 MB', { headers: { ...FORM, ['x'.repeat(KB * KB)]: '' } }, 431, 'headers-too-large'],
    [
      'many headers',
      { headers: { ...FORM, ...Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`x-${i}`, 'value'])) } },
      431,
      'headers-too-large',
    ],
    ['a cookie of 1 MB', { cookies: [`a=${'x'.repeat(KB * KB)}`] }, 431, 'headers-too-large'],
    ['a query over 8 KB', { rawQueryString: `a=${'x'.repeat(8 * KB - 1)}` }, 413, 'query-too-large'],
    ['a body over 16 KB', { body: `a=${'x'.repeat(16 * KB - 1)}` }, 413, 'body-too-large'],
    [
      'the same in base64',
      { body: Buffer.from(`a=${'x'.repeat(16 * KB - 1)}`).toString('base64'), isBase64Encoded: true },
      413,
      'body-too-large',
    ],
    ['a body of 10 MB in base64', { body: 'A'.repeat(10 * KB * KB), isBase64Encoded: true }, 413, 'body-too-large'],
    [
      '41 parameters',
      { rawQueryString: Array.from({ length: 41 }, (_, i) => `p${i}=`).join('&') },
      400,
      'too-many-parameters',
    ],
    ['a parameter that stands twice', { rawQueryString: 'state=a&state=b' }, 400, 'repeated-parameter'],
  ])('%s', async (_name, change, status, code) => {
    expect(await send(route, change)).toEqual([status, code]);
  });

  test.each<[string, Partial<HttpEvent>]>([
    ['a query of 8 KB', { rawQueryString: `a=${'x'.repeat(8 * KB - 2)}` }],
    ['a body of 16 KB', { body: `a=${'x'.repeat(16 * KB - 2)}` }],
    ['40 parameters', { rawQueryString: Array.from({ length: 40 }, (_, i) => `p${i}=`).join('&') }],
  ])('and takes %s', async (_name, change) => {
    const [status, code] = await send(route, change);
    expect([code, status < 500]).toEqual(['', true]);
  });
});

describe('what cannot be read, for people', () => {
  const TOO_LARGE: readonly [string, Partial<HttpEvent>, number, string][] = [
    ['a parameter twice', { rawQueryString: 'code=a&code=b' }, 400, 'repeated-parameter'],
    ['a query over 8 KB', { rawQueryString: `a=${'x'.repeat(8 * KB)}` }, 413, 'query-too-large'],
    ['headers over 16 KB', { cookies: [`a=${'x'.repeat(16 * KB)}`] }, 431, 'headers-too-large'],
  ];
  const accept = 'text/html,application/xhtml+xml,application/json;q=0.9';
  const ask = (rawPath: string, method: string, headers: Record<string, string>, more: Partial<HttpEvent>) =>
    world.handle({ rawPath, requestContext: { http: { method } }, ...more, headers });

  test.each(TOO_LARGE)(
    '%s: a page where browsers come, with the status and a reference',
    async (_name, more, status, code) => {
      for (const [rawPath, { audience, methods }] of Object.entries(ROUTES)) {
        for (const method of Object.keys(methods)) {
          world.log.length = 0;
          const { statusCode, headers, body } = await ask(rawPath, method, { accept }, more);
          const isPage = audience === 'browser';
          expect([rawPath, statusCode, headers['content-type']]).toEqual([
            rawPath,
            status,
            isPage ? 'text/html; charset=utf-8' : 'application/problem+json',
          ]);
          if (!isPage) continue;
          expect(body).toMatch(/<h1>This link does not work<\/h1>[\s\S]*BR-\w{4}-\w{4}/);
          expect(world.log).toEqual([
            { message: 'sso', fields: expect.objectContaining({ code: 'bad-request', detail: code }) },
          ]);
        }
      }
    },
  );

  test('who says nothing about types gets the page too; who asks for JSON gets JSON', async () => {
    const more = { rawQueryString: 'code=a&code=b' };
    expect((await ask('/callback', 'GET', {}, more)).headers['content-type']).toBe('text/html; charset=utf-8');
    const asJson = await ask('/callback', 'GET', { accept: 'application/json' }, more);
    expect(JSON.parse(asJson.body)).toMatchObject({ status: 400, code: 'repeated-parameter' });
  });
});

test.each(SIGN_ON_ROUTES.filter((route) => route.startsWith('POST')))('%s takes forms only', async (route) => {
  for (const type of ['application/json', 'multipart/form-data', 'text/plain', '']) {
    expect(await send(route, { headers: { ...FORM, 'content-type': type }, body: '{"a":"b"}' })).toEqual([
      415,
      'not-a-form',
    ]);
  }
});

test.each(Object.keys(ROUTES))(
  '%s answers with the headers of a page that nobody frames, keeps or reads',
  async (rawPath) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { headers } = await world.handle({ rawPath, headers: FORM, requestContext: { http: { method } } });
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age=63072000'),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      const isPublic = rawPath.startsWith('/.well-known/') && method === 'GET';
      expect(headers['cache-control']).toBe(isPublic ? 'public, max-age=300' : 'no-store');
    }
  },
);

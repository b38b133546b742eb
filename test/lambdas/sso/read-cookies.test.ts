import { readRequest } from '../../../lambdas/sso/read-request.ts';
import type { HttpEvent } from '../../../lib/contracts/sign-on-http.ts';

const cookiesOf = (...cookies: readonly string[]) => {
  const event: HttpEvent = { rawPath: '/', cookies, headers: {}, requestContext: { http: { method: 'GET' } } };
  const request = readRequest(event);
  return typeof request === 'object' && 'cookies' in request ? [...request.cookies] : [];
};

const OURS = '__Host-rollcall-session';

test('blanks and tabs around a name and a value do not count', () => {
  expect(cookiesOf(` ${OURS}\t= a `)).toEqual([[OURS, 'a']]);
});

// A browser lets any host of the domain set these: it does not see the prefix.
test.each(['\u00a0', '\u2000', '\u200a', '\u3000', '\ufeff', '\u2028'])(
  'a name that begins with %j is not ours',
  (blank) => {
    expect(cookiesOf(`${blank}${OURS}=planted`, `${OURS}=own`)).toEqual([[OURS, 'own']]);
  },
);

test('the first of a name counts', () => {
  expect(cookiesOf(`${OURS}=own`, `${OURS}=later`)).toEqual([[OURS, 'own']]);
});

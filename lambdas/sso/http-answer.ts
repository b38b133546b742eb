import type { HttpResult } from '../../lib/contracts/sign-on-http.ts';
import { DENIALS } from '../../lib/core/sso/denials.ts';
import type { Answer, CookieChange } from '../../lib/flows/sso/exchange.ts';
import { confirmPage, signedOutPage, signOutPage } from '../../lib/pages/confirm-page.ts';
import { denialPage } from '../../lib/pages/denial-page.ts';

/** What rendering needs beside the answer. */
export interface Rendering {
  /** The client asked for JSON and not for a page. */
  readonly wantsJson: boolean;
  /** SHA-256 of the pages' style, base64. */
  readonly styleHash: string;
}

/** Seconds that a client should wait when ClassLink, or we, are down. */
const RETRY_AFTER = '60';

/** On every answer (ASVS 5.0 chapter 3.4). Two years of HTTPS only; no address of ours leaks in a Referer. */
const ALWAYS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

/** Makes HTTP of what a flow answers. */
export function httpAnswer(answer: Answer, { wantsJson, styleHash }: Rendering): HttpResult {
  const cookies = answer.cookies ?? [];
  const page = (status: number, html: string, formAction = "'none'") =>
    result(
      status,
      { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(styleHash, formAction) },
      cookies,
      html,
    );
  // `no-referrer` would make browsers send the page's own form with `Origin: null`, which we refuse (Fetch standard,
  // "append a request Origin header"); with this one they name us, and other sites still learn nothing.
  const formPage = (html: string, origins: readonly string[]) => {
    const made = page(200, html, ["'self'", ...origins].join(' '));
    return { ...made, headers: { ...made.headers, 'referrer-policy': 'same-origin' } };
  };
  switch (answer.kind) {
    case 'redirect':
      // 303: whatever was sent here, the next address is fetched with GET.
      return result(303, { location: answer.location }, cookies, '');
    case 'denied': {
      const { code, reference } = answer;
      const { status } = DENIALS[code];
      const rendered = wantsJson
        ? result(status, JSON_TYPE, cookies, JSON.stringify({ code, reference }))
        : page(status, denialPage(code, reference));
      return status === 503 ? { ...rendered, headers: { ...rendered.headers, 'retry-after': RETRY_AFTER } } : rendered;
    }
    case 'confirm':
      return formPage(confirmPage(answer), answer.origins);
    case 'ask-logout':
      return formPage(signOutPage(answer), answer.origins);
    case 'signed-out':
      return wantsJson ? result(200, JSON_TYPE, cookies, '{"signedIn":false}') : page(200, signedOutPage());
    case 'json':
      return result(answer.status, { ...JSON_TYPE, ...answer.headers }, cookies, JSON.stringify(answer.body));
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** RFC 9457, for what no flow answers: unknown path, wrong method, too large. */
export const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): HttpResult =>
  result(
    status,
    { 'content-type': 'application/problem+json', ...headers },
    [],
    JSON.stringify({ type: 'about:blank', title: code.replaceAll('-', ' '), status, code }),
  );

const policy = (styleHash: string, formAction: string): string =>
  `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`;

function result(
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  cookies: readonly CookieChange[],
  body: string,
): HttpResult {
  const all = { ...ALWAYS, ...headers };
  const lines = cookies.map(cookieLine);
  // A line break in a header would be a second header. Nothing of ours has one; if something does, it is a defect.
  if ([...Object.values(all), ...lines].some((value) => /[\r\n\0]/.test(value)))
    throw new Error('a header with a line break');
  return { statusCode, headers: all, cookies: lines, body, isBase64Encoded: false };
}

const cookieLine = ({ name, value, maxAgeSeconds, sameSite }: CookieChange): string =>
  `${name}=${value ?? ''}; Path=/; Max-Age=${value === null ? 0 : maxAgeSeconds}; Secure; HttpOnly; SameSite=${sameSite}`;

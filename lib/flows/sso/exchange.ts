import { type CookieKind, cookieName, surplusOf } from '../../core/sso/cookies.ts';
import type { DenialCode } from '../../core/sso/denials.ts';

/** Parameters of a query or a form, each name once: who repeats one is refused before any flow (RFC 6749 §3.1). */
export type Parameters = ReadonlyMap<string, string>;

/** A request as the flows see it: bounded, decoded, names of headers in lower case. */
export interface SsoRequest {
  readonly method: string;
  readonly query: Parameters;
  readonly form: Parameters;
  readonly cookies: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A cookie to set, or (`value` null) to take away. All are `__Host-`, `Secure` and `HttpOnly`. */
export interface CookieChange {
  readonly name: string;
  readonly value: string | null;
  readonly maxAgeSeconds: number;
  readonly sameSite: 'Lax' | 'Strict';
}

/** Our own ids and codes, for the one log line of a request (R22). */
export interface AnswerFacts {
  readonly districtId?: string;
  readonly launchId?: string;
  readonly sessionId?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** What a flow answers; the handler makes HTTP of it. */
export type Answer = { readonly cookies?: readonly CookieChange[]; readonly facts?: AnswerFacts } & (
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'denied'; readonly code: DenialCode; readonly reference: string }
  | {
      readonly kind: 'confirm';
      /** `Maria G.`, from the roster. */
      readonly person: string;
      readonly product: string;
      readonly csrf: string;
      /** Where the browser is sent after "Continue": a form's policy counts redirects too. */
      readonly origins: readonly string[];
    }
  | {
      /** Asks the person whether they want to be signed out. */
      readonly kind: 'ask-logout';
      readonly csrf: string;
      /** The product whose session it is, for whoever wants to stay; null where it is not registered any more. */
      readonly home: string | null;
      /** Where the browser is sent after "Sign out". */
      readonly origins: readonly string[];
    }
  | { readonly kind: 'signed-out' }
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
);

/** A parameter, '' where it is absent. */
export const parameter = (parameters: Parameters, name: string): string => parameters.get(name) ?? '';

/** Sets a cookie that comes back when another site's link or redirect leads to us. */
export const setCookie = (name: string, value: string, maxAgeSeconds: number): CookieChange => ({
  name,
  value,
  maxAgeSeconds,
  sameSite: 'Lax',
});

/** Takes a cookie away. */
export const dropCookie = (name: string): CookieChange => ({ name, value: null, maxAgeSeconds: 0, sameSite: 'Lax' });

/** Sets one more cookie of a kind of which a browser may have several, after the oldest that give way to it. */
export function addCookie(
  request: SsoRequest,
  kind: CookieKind,
  id: string,
  value: string,
  maxAgeSeconds: number,
): readonly CookieChange[] {
  const name = cookieName(kind, id);
  return [...surplusOf(kind, request.cookies.keys(), name).map(dropCookie), setCookie(name, value, maxAgeSeconds)];
}

/** Whether a form came from a page of this origin, or from a script: browsers name the page's origin with every POST. */
export const isFromOurPage = ({ headers }: SsoRequest, ourOrigin: string): boolean =>
  headers['origin'] === undefined || headers['origin'] === ourOrigin;

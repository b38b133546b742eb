import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookieOf, setCookie } from '../http/answers.ts';
import type { PendingSignIn } from './relying-party.ts';

/** One cookie for each sign-in that is under way: two tabs that start at once do not overwrite each other's. */
const PREFIX = 'product_sign_in_';
const nameOf = (state: string): string => `${PREFIX}${state.slice(0, 12)}`;

/** Sign-ins that one browser may have under way: tabs. */
const MOST_PENDING = 4;

/** What browsers were sent off with, in memory. */
export interface PendingSignIns {
  /** Remembers in this browser, and nowhere else, that it was sent off to sign in. */
  remember(request: IncomingMessage, response: ServerResponse, pending: PendingSignIn): void;
  /** What this browser was sent off with, once; null where this state is not one of its own. */
  take(request: IncomingMessage, response: ServerResponse, state: string): PendingSignIn | null;
}

export function createPendingSignIns(): PendingSignIns {
  const all = new Map<string, PendingSignIn>();
  const forget = (request: IncomingMessage, response: ServerResponse, name: string): void => {
    all.delete(cookieOf(request, name) ?? '');
    setCookie(response, name, '');
  };
  return {
    remember(request, response, pending) {
      // Browsers send the oldest first (RFC 6265 §5.4).
      const names = [...(request.headers.cookie ?? '').matchAll(/(product_sign_in_[\w-]+)=/g)].map(
        ([, name = '']) => name,
      );
      for (const name of names.slice(0, Math.max(0, names.length - MOST_PENDING + 1))) forget(request, response, name);
      const id = randomBytes(24).toString('base64url');
      all.set(id, pending);
      setCookie(response, nameOf(pending.state), id);
    },
    take(request, response, state) {
      if (!/^[\w-]+$/.test(state)) return null;
      const found = all.get(cookieOf(request, nameOf(state)) ?? '');
      if (found?.state !== state) return null;
      forget(request, response, nameOf(state));
      return found;
    },
  };
}

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookieOf, setCookie } from '../http/answers.ts';
import type { RelyingParty, RenewedTokens, TokenClaims, Tokens } from './relying-party.ts';

const SESSION_COOKIE = 'product_session';
/** A token so near its end is renewed before it is relied on. Seconds. */
const NEAR_END_SECONDS = 60;
/** So long the earlier id of the same person still works: another tab is on its way home with it. Milliseconds. */
const GRACE_MILLIS = 5_000;

interface Session {
  tokens: Tokens;
  renewedAtMillis: number;
  /** The renewal under way, so that two tabs make one. */
  renewal: Promise<RenewedTokens | null> | null;
}

/** What a page learns of its browser. `unreachable`: the token is over and nobody answers who could renew it. */
export type Standing =
  | { readonly state: 'signed-in'; readonly claims: TokenClaims }
  | { readonly state: 'signed-out' | 'ended' | 'unreachable' };

/** The product's own sessions, in memory: after a restart people click their icon again. */
export interface ProductSessions {
  /** Starts a session under a new id. The browser's earlier one is over, whoever's it was. */
  open(request: IncomingMessage, response: ServerResponse, tokens: Tokens): void;
  /** Who is signed in; renews the token where it is due, and ends the session where that is refused. */
  look(request: IncomingMessage, response: ServerResponse): Promise<Standing>;
  /** Whether this browser has a session here, as far as this server knows without asking. */
  has(request: IncomingMessage): boolean;
  /** Ends the browser's session here. Answers its id_token, by which it can be ended with us; null where there was none. */
  close(request: IncomingMessage, response: ServerResponse): string | null;
}

export interface ProductSessionOptions {
  readonly party: RelyingParty;
  /** After how many seconds a token is renewed although it is good for longer. */
  readonly renewAfterSeconds: number;
  readonly onError: (error: unknown) => void;
}

export function createProductSessions({ party, renewAfterSeconds, onError }: ProductSessionOptions): ProductSessions {
  const sessions = new Map<string, Session>();
  const isDue = ({ tokens, renewedAtMillis }: Session): boolean =>
    Date.now() >= renewedAtMillis + renewAfterSeconds * 1000 ||
    Date.now() / 1000 >= tokens.claims.exp - NEAR_END_SECONDS;

  const renew = (session: Session): Promise<RenewedTokens | null> => {
    session.renewal ??= party.refresh(session.tokens.refreshToken).finally(() => {
      session.renewal = null;
    });
    return session.renewal;
  };

  return {
    open(request, response, tokens) {
      const session = { tokens, renewedAtMillis: Date.now(), renewal: null };
      const id = newId();
      sessions.set(id, session);
      setCookie(response, SESSION_COOKIE, id);
      const earlier = cookieOf(request, SESSION_COOKIE) ?? '';
      const isSamePerson = sessions.get(earlier)?.tokens.claims.sub === tokens.claims.sub;
      sessions.delete(earlier);
      if (!isSamePerson) return;
      sessions.set(earlier, session);
      setTimeout(() => sessions.delete(earlier), GRACE_MILLIS).unref();
    },
    has: (request) => sessions.has(cookieOf(request, SESSION_COOKIE) ?? ''),
    async look(request, response) {
      const id = cookieOf(request, SESSION_COOKIE) ?? '';
      const session = sessions.get(id);
      if (session === undefined) return { state: 'signed-out' };
      if (!isDue(session)) return { state: 'signed-in', claims: session.tokens.claims };
      try {
        const renewed = await renew(session);
        if (renewed === null) {
          sessions.delete(id);
          setCookie(response, SESSION_COOKIE, '');
          return { state: 'ended' };
        }
        Object.assign(session, { tokens: { ...session.tokens, ...renewed }, renewedAtMillis: Date.now() });
        return { state: 'signed-in', claims: renewed.claims };
      } catch (thrown) {
        onError(thrown);
        const isGood = Date.now() / 1000 < session.tokens.claims.exp;
        return isGood ? { state: 'signed-in', claims: session.tokens.claims } : { state: 'unreachable' };
      }
    },
    close(request, response) {
      const id = cookieOf(request, SESSION_COOKIE) ?? '';
      const session = sessions.get(id);
      for (const [each, known] of sessions) if (known === session) sessions.delete(each);
      setCookie(response, SESSION_COOKIE, '');
      return session?.tokens.idToken ?? null;
    },
  };
}

const newId = (): string => randomBytes(24).toString('base64url');

import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Configuration } from 'openid-client';

/** How the product is registered with us. */
export interface ProductRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Our issuer. */
  readonly issuer: string;
  readonly redirectUri: string;
  /** Registered as well: where a logout comes back to. */
  readonly signedOutUri: string;
}

/** What the product remembers of a sign-in that it has sent the browser off for. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What an access token says, verified. */
export interface TokenClaims {
  readonly sub: string;
  readonly district: string;
  readonly role: string;
  readonly schools: readonly string[];
  /** Seconds since 1970. */
  readonly exp: number;
}

/** What a refresh answers. */
export interface RenewedTokens {
  readonly claims: TokenClaims;
  readonly refreshToken: string;
}

/** Tokens of one session. */
export interface Tokens extends RenewedTokens {
  /** Kept for the logout, which shows by it whose session is to end. */
  readonly idToken: string;
}

/** The product's side of OpenID Connect: an ordinary client library, nothing of ours. */
export interface RelyingParty {
  /** Where to send the browser, and what to remember of it. */
  start(): Promise<{ readonly url: URL; readonly pending: PendingSignIn }>;
  /** Takes a redirect back: state, nonce and PKCE must be those of `pending`. Throws where anything is wrong. */
  finish(url: URL, pending: PendingSignIn): Promise<Tokens>;
  /** New tokens; null where the session has ended. Throws where nobody answers. */
  refresh(refreshToken: string): Promise<RenewedTokens | null>;
  /** Where to send the browser to end the session with us too (OpenID Connect RP-Initiated Logout 1.0), and then back. */
  logoutUrl(idToken: string): Promise<URL>;
}

export function createRelyingParty(registration: ProductRegistration): RelyingParty {
  const { clientId, redirectUri, signedOutUri } = registration;
  const discovered = keptOnceItSucceeds(() => discover(registration));
  const tokensOf = async (answer: { access_token: string; refresh_token?: string }, earlier: string) => {
    const { verifyAccess } = await discovered();
    return { claims: await verifyAccess(answer.access_token), refreshToken: answer.refresh_token ?? earlier };
  };
  return {
    async start() {
      const { library, config } = await discovered();
      const verifier = library.randomPKCECodeVerifier();
      const pending = { state: library.randomState(), nonce: library.randomNonce(), verifier };
      const url = library.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await library.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url, pending };
    },
    async finish(url, { state, nonce, verifier }) {
      const { library, config } = await discovered();
      const answer = await library.authorizationCodeGrant(config, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const tokens = await tokensOf(answer, '');
      if (tokens.claims.sub !== answer.claims()?.sub) throw new Error(`two subjects in one answer to ${clientId}`);
      return { ...tokens, idToken: answer.id_token ?? '' };
    },
    async refresh(refreshToken) {
      const { library, config } = await discovered();
      try {
        return await tokensOf(await library.refreshTokenGrant(config, refreshToken), refreshToken);
      } catch (thrown) {
        if (thrown instanceof library.ResponseBodyError && thrown.error === 'invalid_grant') return null;
        throw thrown;
      }
    },
    async logoutUrl(idToken) {
      const { library, config } = await discovered();
      const back = { id_token_hint: idToken, post_logout_redirect_uri: signedOutUri };
      return library.buildEndSessionUrl(config, back);
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: ProductRegistration) {
  const library = await import('openid-client');
  const metadata = { client_secret: clientSecret, id_token_signed_response_alg: 'ES256' };
  const authentication = library.ClientSecretBasic(clientSecret);
  const config: Configuration = await library.discovery(new URL(issuer), clientId, metadata, authentication, {
    // Plain http: everything is on this machine. The signature of the identity token counts all the more.
    execute: [library.allowInsecureRequests, library.enableNonRepudiationChecks],
  });
  const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri ?? ''));
  const verifyAccess = async (token: string): Promise<TokenClaims> => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      requiredClaims: ['sub', 'exp', 'district', 'role', 'schools'],
    });
    return payload as unknown as TokenClaims;
  };
  return { library, config, verifyAccess };
}

/** One attempt at a time, and none after a good one. */
function keptOnceItSucceeds<T>(attempt: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () => {
    kept ??= attempt().catch((thrown) => {
      kept = null;
      throw thrown;
    });
    return kept;
  };
}

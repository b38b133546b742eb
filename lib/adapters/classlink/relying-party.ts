import { readClassLinkIdentity } from '../../core/sso/classlink-identity.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClassLink, ClassLinkAnswer, CodeProof } from '../../ports/sso/classlink.ts';
import type { Secrets } from '../../ports/sso/secrets.ts';
import { CALL_MILLIS, type FetchedJson, fetchJson } from './bounded-fetch.ts';
import { createKeySet } from './key-set.ts';
import { verifyIdToken } from './verify-id-token.ts';

/** ClassLink's addresses, from the stage's settings and never from an answer. */
export interface ClassLinkAddresses {
  readonly issuer: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly infoUrl: string;
}

/** What else the relying party needs. */
export interface RelyingPartyOptions {
  readonly addresses: ClassLinkAddresses;
  /** Our callback, exactly as it is registered with ClassLink. */
  readonly redirectUri: string;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Limit of each call. Default 5 s (design §5). */
  readonly callMillis?: number;
}

/** No e-mail address: nothing of ours uses one (facts/classlink.md §1.1). */
const SCOPE = 'openid profile oneroster';

/** ClassLink's access tokens have some 50 characters. */
const MAX_ACCESS_TOKEN = 8192;

const refuse = (code: Extract<ClassLinkAnswer, { ok: false }>['code'], detail: string): ClassLinkAnswer => ({
  ok: false,
  code,
  detail,
});

/** ClassLink over HTTP, with jose for the id_token. */
export function createRelyingParty(options: RelyingPartyOptions): ClassLink {
  const { addresses, redirectUri, secrets, clock, callMillis = CALL_MILLIS } = options;
  const keys = createKeySet(addresses.jwksUrl, clock);

  const exchange = async (code: string, verifier: string | null): Promise<FetchedJson> => {
    const { clientId, clientSecret } = (await secrets.read()).classLink;
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: clientId,
      client_secret: clientSecret,
      ...(verifier === null ? {} : { code_verifier: verifier }),
    });
    return fetchJson(addresses.tokenUrl, { method: 'POST', body }, callMillis);
  };

  return {
    async authorizeUrl({ state, nonce, challenge }) {
      const { clientId } = (await secrets.read()).classLink;
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      });
      return `${addresses.authorizeUrl}${addresses.authorizeUrl.includes('?') ? '&' : '?'}${query}`;
    },
    async identify(code, proof: CodeProof) {
      const tokens = await exchange(code, proof.verifier);
      if (!tokens.ok) return noAnswer(tokens, 'token');
      if (tokens.status !== 200) return tokenRefusal(tokens.status, tokens.json);
      const { access_token: accessToken, id_token: idToken } = membersOf(tokens.json);
      const { clientId } = (await secrets.read()).classLink;
      const expected = { issuer: addresses.issuer, clientId, nonce: proof.nonce };
      const checked = await verifyIdToken(idToken, keys, expected, clock);
      if (!checked.ok) return checked;
      if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken))
        return refuse('token-invalid', 'no-access-token');
      if (accessToken.length > MAX_ACCESS_TOKEN) return refuse('token-invalid', 'access-token-too-long');
      const headers = { authorization: `Bearer ${accessToken}` };
      const info = await fetchJson(addresses.infoUrl, { method: 'GET', headers }, callMillis);
      if (!info.ok) return noAnswer(info, 'info');
      if (info.status !== 200)
        return refuse(info.status >= 500 ? 'classlink-unavailable' : 'classlink-error', `info-${info.status}`);
      const reading = readClassLinkIdentity(checked.claims, info.json);
      if (!reading.ok) return refuse(reading.code, 'my-info');
      const { identity } = reading;
      return reading.subDiffers ? { ok: true, identity, detail: 'sub-is-not-user-id' } : { ok: true, identity };
    },
  };
}

const membersOf = (json: unknown): Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};

const noAnswer = ({ why }: Extract<FetchedJson, { ok: false }>, call: string): ClassLinkAnswer =>
  refuse(why === 'timeout' || why === 'connection' ? 'classlink-unavailable' : 'classlink-error', `${call}-${why}`);

/**
 * RFC 6749 §5.2: `invalid_grant` is the code's fault (used, expired, another's); `invalid_client` and `unauthorized_client`
 * are ours, a client id or secret that ClassLink does not take; the rest is ClassLink's.
 */
function tokenRefusal(status: number, json: unknown): ClassLinkAnswer {
  if (status >= 500 || status === 429) return refuse('classlink-unavailable', `token-${status}`);
  const { error } = membersOf(json);
  if (error === 'invalid_grant') return refuse('code-refused', 'invalid-grant');
  const isOurs = error === 'invalid_client' || error === 'unauthorized_client' || status === 401;
  return refuse('classlink-error', isOurs ? 'invalid-client' : `token-${status}`);
}

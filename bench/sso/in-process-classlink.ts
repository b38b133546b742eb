import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Somebody with a LaunchPad account. */
export interface Person {
  readonly TenantId: number;
  readonly SourcedId: string;
  readonly UserId: number;
  readonly LoginId: string;
  readonly Role: string;
}

const ORIGIN = 'https://classlink.test';
export const CLASSLINK = {
  issuer: ORIGIN,
  authorizeUrl: `${ORIGIN}/authorize`,
  tokenUrl: `${ORIGIN}/token`,
  jwksUrl: `${ORIGIN}/jwks`,
  infoUrl: `${ORIGIN}/info`,
};

/**
 * ClassLink without a network: a `fetch` for its addresses, and its authorize endpoint as a call. That one signs the
 * id_token too, so that what is measured afterwards holds nothing of ClassLink's work.
 */
export async function inProcessClassLink(clientId: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }] });
  const answers = new Map<string, string>();
  const people = new Map<string, Person>();
  let issued = 0;
  const json = (body: string) => new Response(body, { headers: { 'content-type': 'application/json' } });
  const fetchClassLink = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { pathname } = new URL(url instanceof Request ? url.url : url);
    if (pathname === '/jwks') return json(jwks);
    if (pathname === '/token')
      return json(answers.get(new URLSearchParams(String(init.body)).get('code') ?? '') ?? '{}');
    const accessToken = (new Headers(init.headers).get('authorization') ?? '').replace('Bearer ', '');
    return json(JSON.stringify({ ...people.get(accessToken), DisplayName: 'Somebody', OrgId: ['1'], Role_Level: 4 }));
  };
  /** Where the browser is sent with this person signed in. */
  const authorize = async (url: string, person: Person): Promise<URL> => {
    const query = new URL(url).searchParams;
    const now = Math.floor(Date.now() / 1000);
    const claims = { name: 'Demo User', auth_time: now - 3_600, nonce: query.get('nonce') ?? '' };
    const idToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })
      .setIssuer(ORIGIN)
      .setSubject(String(person.UserId))
      .setAudience(clientId)
      .setIssuedAt(now)
      .setExpirationTime(now + 86_400)
      .sign(privateKey);
    issued += 1;
    const [code, accessToken] = [`c${issued}`, `a${issued}`];
    people.set(accessToken, person);
    answers.set(code, JSON.stringify({ access_token: accessToken, token_type: 'Bearer', id_token: idToken }));
    const back = new URL(query.get('redirect_uri') ?? '');
    back.search = String(new URLSearchParams({ code, state: query.get('state') ?? '' }));
    return back;
  };
  return { fetchClassLink, authorize };
}

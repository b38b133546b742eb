import { latestOf } from '../../core/sso/cookies.ts';
import type { ProductClient } from '../../core/sso/product-client.ts';
import { CODE_SECONDS } from '../../core/sso/session.ts';
import { currentSession } from './browser-session.ts';
import { refuse } from './deny.ts';
import { type Answer, dropCookie, parameter, type SsoRequest } from './exchange.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

/** base64url of a SHA-256 (RFC 7636 §4.2). */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
/** What a client may send to get back. Characters. */
const MAX_ECHO = 1024;

/**
 * `GET /authorize`: an ordinary authorization request of a product (RFC 6749 §4.1.1, PKCE S256 only). Never asks anybody
 * anything: the hand-off of this browser's launch gives a code at once, anything else is `login_required`. Client and
 * redirect URI are checked first, and an error in them never redirects.
 */
export async function authorize(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const value = (name: string) => parameter(request.query, name);
  const client = ports.stage.clients.find(value('client_id'));
  const redirectUri = value('redirect_uri');
  if (!client?.redirectUris.includes(redirectUri))
    return refuse(ports, 'bad-request', { detail: 'client-or-redirect-uri' });
  const state = value('state');
  const answer = (members: Readonly<Record<string, string>>, code: string): Answer => {
    const query = new URLSearchParams({ ...members, ...(state === '' ? {} : { state }), iss: ports.stage.issuer });
    const location = `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
    return { kind: 'redirect', location, facts: { code } };
  };
  const fault = faultOf(value);
  if (fault) return answer({ error: fault.error, error_description: fault.says }, fault.error);
  const { sessionId, used } = await takeHandOff(ports, request, client);
  const cookies = used.map(dropCookie);
  if (sessionId === null) {
    const says = { error: 'login_required', error_description: 'open the app from LaunchPad' };
    return { ...answer(says, 'login-required'), cookies };
  }
  const code = ports.chance.token(32);
  await ports.grants.saveCode(ports.chance.hash(code), {
    sessionId,
    clientId: client.clientId,
    redirectUri,
    challenge: value('code_challenge'),
    nonce: value('nonce') || null,
    expiresAt: nowSeconds(ports) + CODE_SECONDS,
  });
  return { ...answer({ code }, 'code'), cookies, facts: { sessionId, code: 'code' } };
}

/** What one request took of this browser's hand-offs. */
interface TakenHandOff {
  /** The live session; null where there is none to hand over. */
  readonly sessionId: string | null;
  /** Cookies of hand-offs that are used up. */
  readonly used: readonly string[];
}

/**
 * The latest hand-off of this browser to this client that was not used yet and leads to a live session. Each is used up by
 * being looked at: a launch is worth one code, and a session that has ended does not come back.
 */
async function takeHandOff(ports: SsoPorts, request: SsoRequest, { clientId }: ProductClient): Promise<TakenHandOff> {
  const used: string[] = [];
  for (const [name, secret] of latestOf('handoff', request.cookies)) {
    const taken = await ports.grants.takeHandOff(ports.chance.hash(secret), clientId, ports.chance.token(16));
    if (taken === null) continue;
    used.push(name);
    const session = await currentSession(ports, taken);
    if (session) return { sessionId: session.sessionId, used };
  }
  return { sessionId: null, used };
}

interface Fault {
  readonly error: string;
  readonly says: string;
}

/** What is wrong with the request of a known client (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6); null for nothing. */
function faultOf(value: (name: string) => string): Fault | null {
  const invalid = (says: string): Fault => ({ error: 'invalid_request', says });
  if (value('request') !== '') return { error: 'request_not_supported', says: 'request is not supported' };
  if (value('request_uri') !== '') return { error: 'request_uri_not_supported', says: 'request_uri is not supported' };
  if (value('response_type') !== 'code')
    return { error: 'unsupported_response_type', says: 'response_type must be code' };
  if (!value('scope').split(' ').includes('openid')) return { error: 'invalid_scope', says: 'scope must hold openid' };
  if (!['', 'query'].includes(value('response_mode'))) return invalid('response_mode must be query');
  if (value('code_challenge_method') !== 'S256') return invalid('code_challenge_method must be S256');
  if (!CHALLENGE.test(value('code_challenge'))) return invalid('code_challenge must be a SHA-256 as base64url');
  if (value('nonce').length > MAX_ECHO || value('state').length > MAX_ECHO)
    return invalid('state or nonce is too long');
  return null;
}

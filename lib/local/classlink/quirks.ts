import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { CLASSLINK_PATHS } from './openid-provider.ts';
import { makeSigningKey, type SigningKey, signAgain } from './signing-keys.ts';
import type { Switches } from './switches.ts';

/** Members of the discovery document that two readers of the real one did not find there. */
const NOT_ADVERTISED = [
  'code_challenge_methods_supported',
  'authorization_response_iss_parameter_supported',
  'claims_parameter_supported',
  'request_uri_parameter_supported',
];

/**
 * Makes the library's answers ClassLink's: no `expires_in` and an odd `response_type` in the token response, neither
 * PKCE nor RFC 9207 advertised, and `response_type=code` instead of `iss` beside the code.
 */
export function addQuirks(provider: Provider, redirectUri: string, switches: Switches, key: SigningKey): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/.well-known/openid-configuration' && isRecord(ctx.body)) {
      ctx.body = Object.fromEntries(Object.entries(ctx.body).filter(([name]) => !NOT_ADVERTISED.includes(name)));
    }
    if (ctx.path === CLASSLINK_PATHS.token && isRecord(ctx.body) && typeof ctx.body['id_token'] === 'string') {
      const { access_token, token_type } = ctx.body;
      const id_token = await spoilt(ctx.body['id_token'], switches, key);
      ctx.body = { access_token, token_type, response_type: 'code', id_token };
    }
    const location: string | undefined = ctx.response.get('location');
    if (location?.startsWith(`${redirectUri}?`)) ctx.set('location', classLinkRedirect(location));
  });
}

function classLinkRedirect(location: string): string {
  const url = new URL(location);
  url.searchParams.delete('iss');
  if (url.searchParams.has('code')) url.searchParams.set('response_type', 'code');
  return url.href;
}

async function spoilt(token: string, switches: Switches, key: SigningKey): Promise<string> {
  const [wrongKey, wrongAud] = [switches.isOn('wrong-key'), switches.isOn('wrong-aud')];
  if (!wrongKey && !wrongAud) return token;
  return signAgain(token, wrongKey ? await makeSigningKey() : key, wrongAud ? { aud: 'another-application' } : {});
}

/** The published sample of a token has a nonce (a UUID) although its login was asked for by nobody: so has ours. */
export function withNonce(request: IncomingMessage): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname !== CLASSLINK_PATHS.authorize || url.searchParams.has('nonce')) return;
  url.searchParams.set('nonce', randomUUID());
  request.url = url.pathname + url.search;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

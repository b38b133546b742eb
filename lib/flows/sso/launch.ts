import { LAUNCH_RANDOM_BYTES, LAUNCH_SECONDS, launchIdOf, type PendingLaunch } from '../../core/sso/launch.ts';
import { rememberBrowser } from './browser-id.ts';
import { refuse } from './deny.ts';
import { type Answer, addCookie, type CookieChange, parameter, type SsoRequest } from './exchange.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

/** `GET /launch`. An `iss` (OpenID Connect Core 1.0 §4) must be ClassLink's; nothing else of the request is looked at. */
export async function launch(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const issuer = parameter(request.query, 'iss');
  if (issuer !== '' && issuer !== ports.stage.classLinkIssuer) return refuse(ports, 'bad-request');
  return beginLaunch(ports, request);
}

/**
 * Begins a launch in this browser (R19): seals state, nonce and PKCE verifier into a cookie of its own, and sends the
 * browser to ClassLink. Writes nothing anywhere else. The oldest pending launches give way.
 */
export async function beginLaunch(
  ports: SsoPorts,
  request: SsoRequest,
  cookies: readonly CookieChange[] = [],
): Promise<Answer> {
  const { chance, seals } = ports;
  const launchId = launchIdOf(nowSeconds(ports), chance.token(LAUNCH_RANDOM_BYTES));
  const pending: PendingLaunch = {
    launchId,
    nonce: chance.token(32),
    verifier: chance.token(32),
    browserSecret: chance.token(32),
  };
  const [state, sealed] = await Promise.all([seals.signState(launchId), seals.seal('launch', pending, LAUNCH_SECONDS)]);
  const { nonce, verifier } = pending;
  const location = await ports.classLink.authorizeUrl({ state, nonce, challenge: chance.hash(verifier) });
  const own = addCookie(request, 'launch', launchId, sealed, LAUNCH_SECONDS);
  const all = [...cookies, ...own, ...rememberBrowser(ports, request)];
  return { kind: 'redirect', location, cookies: all, facts: { launchId, code: 'begun' } };
}

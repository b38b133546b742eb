import {
  LAUNCH_RANDOM_BYTES,
  LAUNCH_SECONDS,
  launchCookieName,
  launchIdOf,
  type PendingLaunch,
  surplusLaunchCookies,
} from '../../core/sso/launch.ts';
import { refuse } from './deny.ts';
import { type Answer, type CookieChange, dropCookie, parameter, type SsoRequest, setCookie } from './exchange.ts';
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
  const surplus = surplusLaunchCookies(request.cookies.keys()).map(dropCookie);
  const own = setCookie(launchCookieName(launchId), sealed, LAUNCH_SECONDS);
  return { kind: 'redirect', location, cookies: [...cookies, ...surplus, own], facts: { launchId, code: 'begun' } };
}

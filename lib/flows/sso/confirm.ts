import { CONFIRM_COOKIE } from '../../core/sso/cookies.ts';
import { decideSignOn } from '../../core/sso/decide-sign-on.ts';
import { CONFIRM_SECONDS, LAUNCH_RANDOM_BYTES, launchIdOf, type PendingConfirm } from '../../core/sso/launch.ts';
import { originOf } from '../../core/sso/product-client.ts';
import type { Session } from '../../core/sso/session.ts';
import { rememberBrowser } from './browser-id.ts';
import { sessionCookie } from './browser-session.ts';
import { denyLaunch, refuse } from './deny.ts';
import { type Answer, dropCookie, isFromOurPage, parameter, type SsoRequest } from './exchange.ts';
import { handOverAgain } from './hand-over.ts';
import { signIn } from './sign-in.ts';
import { readSignOnFacts } from './sign-on-facts.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

/**
 * `tile: confirm` (R19): a tile's own code is exchanged, no session is made, and the page asks "Continue as Maria G.?".
 * A code that somebody pushed into this browser shows their name, and does nothing until a person says yes.
 */
export async function askToConfirm(ports: SsoPorts, request: SsoRequest, code: string): Promise<Answer> {
  const answer = await ports.classLink.identify(code, { nonce: null, verifier: null });
  if (!answer.ok) return refuse(ports, answer.code, { detail: answer.detail });
  const { facts, district } = await readSignOnFacts(ports, answer.identity);
  const decision = decideSignOn(facts);
  const launchId = launchIdOf(nowSeconds(ports), ports.chance.token(LAUNCH_RANDOM_BYTES));
  const client = district && ports.stage.clients.ofDistrict(district.settings.sso.clientId);
  if (!decision.allow || !client) {
    const { identity } = answer;
    const whose = district ? { districtId: district.districtId, sourcedId: identity.sourcedId } : {};
    await ports.launches.use(launchId, ports.chance.token(16));
    return denyLaunch(ports, decision.allow ? 'product-unknown' : decision.code, { launchId, ...whose });
  }
  const { givenName, familyName } = decision.user;
  const pending: PendingConfirm = {
    launchId,
    csrf: ports.chance.token(32),
    browserSecret: ports.chance.token(32),
    identity: answer.identity,
  };
  const sealed = await ports.seals.seal('confirm', pending, CONFIRM_SECONDS);
  return {
    kind: 'confirm',
    person: `${givenName} ${Array.from(familyName)[0] ?? ''}.`.trim(),
    product: client.name,
    csrf: pending.csrf,
    origins: [...new Set([client.initiateLoginUri, ...client.redirectUris].map(originOf))],
    cookies: [
      { name: CONFIRM_COOKIE, value: sealed, maxAgeSeconds: CONFIRM_SECONDS, sameSite: 'Strict' },
      ...rememberBrowser(ports, request),
    ],
    facts: { launchId, districtId: district.districtId, code: 'asked' },
  };
}

/** `POST /callback`: "Continue", from the page that this browser was shown, once. Everything is decided anew. */
export async function confirm(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const cookies = [dropCookie(CONFIRM_COOKIE)];
  const sealed = request.cookies.get(CONFIRM_COOKIE) ?? '';
  const pending =
    ports.stage.tile === 'confirm' ? ((await ports.seals.open('confirm', sealed)) as PendingConfirm | null) : null;
  const own = isFromOurPage(request, originOf(ports.stage.issuer));
  if (!pending || !own || !ports.chance.equal(parameter(request.form, 'csrf'), pending.csrf)) {
    return refuse(ports, 'confirm-refused', own ? { cookies } : {});
  }
  const { launchId, browserSecret, identity } = pending;
  const use = await ports.launches.use(launchId, ports.chance.token(16));
  if (use.first) return signIn(ports, request, identity, { launchId, browserSecret, cookies });
  const { sessionId, denial } = use.used;
  if (denial) return { kind: 'denied', ...denial, cookies, facts: { launchId } };
  if (sessionId === null) return refuse(ports, 'launch-used', { launchId, cookies });
  const ownCookie = (session: Session) => sessionCookie(session, browserSecret);
  return handOverAgain(ports, request, { launchId, sessionId, cookies, sessionCookie: ownCookie });
}

import { cookieName } from '../../core/sso/cookies.ts';
import type { DenialCode } from '../../core/sso/denials.ts';
import { isLaunchExpired, MAX_PARAMETER, type PendingLaunch, type UsedLaunch } from '../../core/sso/launch.ts';
import type { Session } from '../../core/sso/session.ts';
import { sessionCookie, sessionOfBrowser } from './browser-session.ts';
import { askToConfirm } from './confirm.ts';
import { denyLaunch, refuse } from './deny.ts';
import { type Answer, dropCookie, parameter, type SsoRequest } from './exchange.ts';
import { handOverAgain } from './hand-over.ts';
import { beginLaunch } from './launch.ts';
import { signIn } from './sign-in.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

/**
 * `GET /callback` (R19). Without a state of ours: whatever code came is dropped, and a launch begins in this browser. With
 * one: only the browser that began it goes on, and only once.
 */
export async function callback(ports: SsoPorts, request: SsoRequest): Promise<Answer> {
  const [state, code, error] = ['state', 'code', 'error'].map((name) => parameter(request.query, name)) as [
    string,
    string,
    string,
  ];
  const launchId = state === '' ? null : await ports.seals.launchOf(state);
  if (launchId === null) return unsolicited(ports, request, code, error);
  const pending = await pendingLaunch(ports, request, launchId);
  if (!pending) return withoutCookie(ports, request, launchId);
  const cookies = [dropCookie(cookieName('launch', launchId))];
  const use = await ports.launches.use(launchId, ports.chance.token(16));
  if (!use.first) return again(ports, request, pending, use.used);
  if (error !== '') return denyLaunch(ports, errorCode(error), { launchId, cookies });
  // Mix-up: an answer that names its issuer (RFC 9207) must name ClassLink.
  const issuer = parameter(request.query, 'iss');
  if (issuer !== '' && issuer !== ports.stage.classLinkIssuer)
    return denyLaunch(ports, 'token-invalid', { launchId, cookies, detail: 'another-issuer' });
  if (code === '' || code.length > MAX_PARAMETER)
    return denyLaunch(ports, 'code-refused', { launchId, cookies, detail: 'no-code' });
  const answer = await ports.classLink.identify(code, { nonce: pending.nonce, verifier: pending.verifier });
  if (!answer.ok) return denyLaunch(ports, answer.code, { launchId, cookies, detail: answer.detail });
  if (answer.detail) ports.logger.info('sso-identity', { launchId, detail: answer.detail });
  return signIn(ports, request, answer.identity, { launchId, browserSecret: pending.browserSecret, cookies });
}

/** The tile's own code, or a stranger's: never exchanged (but see `tile: confirm`). An error is shown: a restart could loop. */
async function unsolicited(ports: SsoPorts, request: SsoRequest, code: string, error: string): Promise<Answer> {
  if (error !== '') return refuse(ports, errorCode(error));
  if (ports.stage.tile === 'confirm' && code !== '' && code.length <= MAX_PARAMETER)
    return askToConfirm(ports, request, code);
  return beginLaunch(ports, request);
}

/** What this browser sealed away when it began the launch; null where it did not, or too long ago. */
async function pendingLaunch(ports: SsoPorts, request: SsoRequest, launchId: string): Promise<PendingLaunch | null> {
  const sealed = request.cookies.get(cookieName('launch', launchId)) ?? '';
  const pending = sealed === '' ? null : ((await ports.seals.open('launch', sealed)) as PendingLaunch | null);
  return pending?.launchId === launchId && !isLaunchExpired(launchId, nowSeconds(ports)) ? pending : null;
}

/**
 * Our state, but no cookie of that launch. Back or reload after it ended well: this browser has the session that came of
 * it, so on to the product. Otherwise the page: cookies are blocked, or the address was carried to another browser.
 */
async function withoutCookie(ports: SsoPorts, request: SsoRequest, launchId: string): Promise<Answer> {
  const cookies = [dropCookie(cookieName('launch', launchId))];
  const [session, used] = await Promise.all([sessionOfBrowser(ports, request), ports.launches.find(launchId)]);
  if (used?.denial) return { kind: 'denied', ...used.denial, cookies, facts: { launchId } };
  // Without its row nothing could be written to it, and each reload of somebody refused would leave a refusal of its own.
  if (used && session?.launchId === launchId)
    return handOverAgain(ports, request, { launchId, sessionId: session.sessionId, cookies });
  if (used) return refuse(ports, 'launch-used', { launchId, cookies });
  const late = isLaunchExpired(launchId, nowSeconds(ports));
  return refuse(ports, late ? 'launch-expired' : 'cookies-blocked', { launchId, cookies });
}

/** The same callback again, from the browser that began it: the first answer was lost, or is still on its way. */
async function again(ports: SsoPorts, request: SsoRequest, pending: PendingLaunch, used: UsedLaunch): Promise<Answer> {
  const { launchId } = pending;
  const cookies = [dropCookie(cookieName('launch', launchId))];
  if (used.denial) return { kind: 'denied', ...used.denial, cookies, facts: { launchId } };
  // Nothing came of it yet: a launch of its own is quicker than waiting, and the later one counts.
  if (used.sessionId === null) return beginLaunch(ports, request, cookies);
  const { sessionId } = used;
  const ownCookie = (session: Session) => sessionCookie(session, pending.browserSecret);
  return handOverAgain(ports, request, { launchId, sessionId, cookies, sessionCookie: ownCookie });
}

/** RFC 6749 §4.1.2.1. What the address says is never a fault of ours or ClassLink's: a stranger can write it as well. */
const errorCode = (error: string): DenialCode => (error === 'access_denied' ? 'access-denied' : 'classlink-refused');

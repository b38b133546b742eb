import type { ClassLinkIdentity } from '../../core/sso/classlink-identity.ts';
import { newestOf, SESSION_COOKIE } from '../../core/sso/cookies.ts';
import { type AnchorChange, decideSignOn, type RosterUser } from '../../core/sso/decide-sign-on.ts';
import type { DenialCode } from '../../core/sso/denials.ts';
import { LAUNCH_RANDOM_BYTES, launchIdOf } from '../../core/sso/launch.ts';
import type { ProductClient } from '../../core/sso/product-client.ts';
import { type Session, sessionLives } from '../../core/sso/session.ts';
import { endOthers } from './browser-id.ts';
import { sessionCookie, sessionOfBrowser } from './browser-session.ts';
import { denyLaunch } from './deny.ts';
import { type Answer, type CookieChange, dropCookie, type SsoRequest } from './exchange.ts';
import { handOver } from './hand-over.ts';
import { type ReadFacts, readSignOnFacts } from './sign-on-facts.ts';
import { nowSeconds, type SsoPorts } from './sso-ports.ts';

/** The launch that a session comes from, and what the browser will hold of it. */
export interface SignInLaunch {
  readonly launchId: string;
  readonly browserSecret: string;
  /** Cookies that are done with. */
  readonly cookies: readonly CookieChange[];
}

/**
 * The end of a launch whose state was used and whose identity is verified: decides, ends the browser's earlier sessions
 * (whoever sat there before is gone, also where the new one is refused), makes the session and hands over to the product.
 */
export async function signIn(
  ports: SsoPorts,
  request: SsoRequest,
  identity: ClassLinkIdentity,
  launch: SignInLaunch,
): Promise<Answer> {
  const [read, earlier] = await Promise.all([readSignOnFacts(ports, identity), sessionOfBrowser(ports, request)]);
  const decision = decideSignOn(read.facts);
  const { launchId } = launch;
  const refuseWith = async (code: DenialCode): Promise<Answer> => {
    const whose = read.district ? { districtId: read.district.districtId, sourcedId: identity.sourcedId } : {};
    const gone = [SESSION_COOKIE, ...newestOf('handoff', request.cookies).map(([name]) => name)].map(dropCookie);
    await endOthers(ports, request, { earlier, session: null });
    return denyLaunch(ports, code, { launchId, ...whose, cookies: [...launch.cookies, ...gone] });
  };
  if (!decision.allow) return refuseWith(decision.code);
  const client = read.district && ports.stage.clients.ofDistrict(read.district.settings.sso.clientId);
  if (!read.district || !client) return refuseWith('product-unknown');
  const { user } = decision;
  const session = newSession(ports, { ...read.district, tenantId: identity.tenantId }, user, client, launch);
  const cookies = [...launch.cookies, sessionCookie(session, launch.browserSecret)];
  const [answer] = await Promise.all([
    handOver(ports, request, session, client, cookies),
    ports.sessions.create(session),
    keepAnchor(ports, read.district.districtId, identity, user, decision.anchor, launchId),
  ]);
  // The session is there before it is written down, and the others have ended before the launch is done with: what comes
  // between leaves either nothing of it, or a launch that a reload begins anew.
  await endOthers(ports, request, { earlier, session });
  await ports.launches.settle({ launchId, sessionId: session.sessionId, denial: null });
  return answer;
}

function newSession(
  ports: SsoPorts,
  district: NonNullable<ReadFacts['district']> & { readonly tenantId: number },
  user: RosterUser,
  client: ProductClient,
  { launchId, browserSecret }: SignInLaunch,
): Session {
  const { idleSeconds, absoluteSeconds } = sessionLives(district.settings.sso, user.role);
  const now = nowSeconds(ports);
  return {
    sessionId: launchIdOf(now, ports.chance.token(LAUNCH_RANDOM_BYTES)),
    launchId,
    districtId: district.districtId,
    tenantId: district.tenantId,
    clientId: client.clientId,
    sourcedId: user.sourcedId,
    productId: user.productId,
    role: user.role,
    schools: user.schools,
    browserHash: ports.chance.hash(browserSecret),
    createdAt: now,
    seenAt: now,
    expiresAt: now + absoluteSeconds,
    idleSeconds,
    endedBy: null,
    replacedBy: null,
  };
}

/** R20: remembers whom ClassLink's user is here. A change of the record is audited, by our own ids. */
async function keepAnchor(
  ports: SsoPorts,
  districtId: string,
  { userId }: ClassLinkIdentity,
  { sourcedId, productId }: RosterUser,
  change: AnchorChange,
  launchId: string,
): Promise<void> {
  if (change === 'keep' || userId === null) return;
  await ports.anchors.save(districtId, userId, { sourcedId, productId });
  if (change === 'rebind') ports.logger.info('sso-anchor', { districtId, launchId, outcome: 'rebound' });
}

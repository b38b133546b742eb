import { type DenialCode, REFERENCE_BYTES, referenceOf } from '../../core/sso/denials.ts';
import type { Answer, CookieChange } from './exchange.ts';
import type { SsoPorts } from './sso-ports.ts';

/** What is known of a refused launch. */
export interface DenialContext {
  readonly launchId?: string;
  readonly districtId?: string;
  /** Kept in the table for support, never logged. */
  readonly sourcedId?: string;
  readonly detail?: string;
  readonly cookies?: readonly CookieChange[];
}

/** Refuses without keeping a row: a stranger can ask for this as often as they like. The reference says the code. */
export function refuse(
  ports: Pick<SsoPorts, 'chance'>,
  code: DenialCode,
  context: DenialContext = {},
): Extract<Answer, { kind: 'denied' }> {
  const { launchId, districtId, detail, cookies = [] } = context;
  const reference = referenceOf(code, ports.chance.bytes(REFERENCE_BYTES));
  const facts = {
    ...(launchId === undefined ? {} : { launchId }),
    ...(districtId === undefined ? {} : { districtId }),
    ...(detail === undefined ? {} : { detail }),
  };
  return { kind: 'denied', code, reference, cookies, facts };
}

/** Refuses a launch of this browser, and writes down why: for support, and for a reload of the page. */
export async function denyLaunch(
  ports: SsoPorts,
  code: DenialCode,
  context: DenialContext & { readonly launchId: string },
): Promise<Answer> {
  const denied = refuse(ports, code, context);
  const { launchId, districtId = null, sourcedId = null } = context;
  const { reference } = denied;
  await Promise.all([
    ports.launches.settle({ launchId, sessionId: null, denial: { code, reference } }),
    ports.denials.save({ reference, code, launchId, districtId, sourcedId, at: ports.clock.now().toISOString() }),
  ]);
  return denied;
}

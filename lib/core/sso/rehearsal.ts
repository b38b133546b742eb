import type { DistrictSettings } from '../district/settings.ts';
import type { DenialCode } from './denials.ts';
import { SUPPORT_WORDS } from './support-words.ts';

/** Whether a launch would sign a person in now, for support. */
export interface SignOnAnswer {
  readonly couldSignIn: boolean;
  /** What the page would say; null where they would be in. */
  readonly code: DenialCode | null;
  /** Everything that has to be mended, each with what mends it; the first one belongs to `code`. */
  readonly reasons: readonly string[];
}

/** The answer from what stands in the way, in the order in which launches find it. */
export function describeObstacles(
  codes: readonly DenialCode[],
  settings: Pick<DistrictSettings, 'districtId' | 'classLinkTenantId'>,
): SignOnAnswer {
  const reasons = codes.map((code) => reasonInWords(code, settings));
  return { couldSignIn: codes.length === 0, code: codes[0] ?? null, reasons };
}

/** One reason with what mends it, about this district. */
export function reasonInWords(
  code: DenialCode,
  { districtId, classLinkTenantId }: Pick<DistrictSettings, 'districtId' | 'classLinkTenantId'>,
): string {
  const { means, toDo } = SUPPORT_WORDS[code];
  const isUnset = code === 'unknown-tenant' && classLinkTenantId === null;
  const what = isUnset ? 'The district has no classLinkTenantId, so no launch is known to be its own.' : means;
  return `${what} ${toDo.replaceAll('DISTRICT', districtId)}`;
}

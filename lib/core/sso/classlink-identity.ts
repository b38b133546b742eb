import type { DenialCode } from './denials.ts';

/** Who ClassLink says is there, after every check of the answer. Compared byte for byte, never trimmed or folded (R20). */
export interface ClassLinkIdentity {
  readonly tenantId: number;
  /** '' where ClassLink has none: matches nobody. */
  readonly sourcedId: string;
  /** ClassLink's own id of the user, decimal digits; null where it sent none. */
  readonly userId: string | null;
  /** '' where there is none. */
  readonly loginId: string;
}

/** The identity, or why there is none. `subDiffers`: `sub` is not `UserId`; only likely to be the same, so only logged. */
export type IdentityReading =
  | { readonly ok: true; readonly identity: ClassLinkIdentity; readonly subDiffers: boolean }
  | { readonly ok: false; readonly code: Extract<DenialCode, 'token-invalid' | 'claims-disagree' | 'unknown-tenant'> };

/** OneRoster 1.1 allows less than 256 characters for a sourcedId; what is longer is none. */
const MAX_TEXT = 255;

/** Control characters and halves of surrogate pairs: a table would store the second as another character. */
const UNSOUND = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** A member that is there but cannot be what it should be. */
class Unreadable extends Error {}

/**
 * Takes the identity out of `/v2/my/info` and demands that `classLink_*` claims of the id_token agree where they are
 * there (facts/classlink.md §1.2, §6.3). Names in any case, numbers or text. Never reads a role: rights come from the
 * roster (R20).
 */
export function readClassLinkIdentity(claims: object, info: unknown): IdentityReading {
  if (typeof info !== 'object' || info === null || Array.isArray(info)) return { ok: false, code: 'token-invalid' };
  try {
    const tenant = readTenant(memberOf(info, 'TenantId'));
    const sourcedId = readText(memberOf(info, 'SourcedId'));
    const claimedTenant = readTenant(memberOf(claims, 'classLink_tenant_id'));
    const claimedTenantText = readTenant(memberOf(claims, 'classLink_tenant_id_string'));
    const claimedSourcedId = readClaimedText(memberOf(claims, 'classLink_sourcedId'));
    if (tenant === null) return { ok: false, code: 'unknown-tenant' };
    const agree =
      (claimedTenant === null || claimedTenant === tenant) &&
      (claimedTenantText === null || claimedTenantText === tenant) &&
      (claimedSourcedId === null || claimedSourcedId === sourcedId);
    if (!agree) return { ok: false, code: 'claims-disagree' };
    const userId = readUserId(memberOf(info, 'UserId'));
    const identity = { tenantId: tenant, sourcedId, userId, loginId: readText(memberOf(info, 'LoginId')) };
    const sub = memberOf(claims, 'sub');
    return { ok: true, identity, subDiffers: userId !== null && String(sub) !== userId };
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { ok: false, code: 'token-invalid' };
    throw thrown;
  }
}

/** A member whatever the case of its name. Two that differ in case only and in value are no answer at all. */
function memberOf(object: object, name: string): unknown {
  const found = Object.entries(object).filter(([key]) => key.toLowerCase() === name.toLowerCase());
  const [first, ...others] = found.map(([, value]) => value);
  if (others.some((other) => other !== first)) throw new Unreadable();
  return first;
}

function readTenant(value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^[1-9]\d{0,14}$/.test(text)) throw new Unreadable();
  return Number(text);
}

function readUserId(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text)) throw new Unreadable();
  return text;
}

/** Text as it is; blanks alone are none. */
function readText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text.length > MAX_TEXT || UNSOUND.test(text)) throw new Unreadable();
  return text.trim() === '' ? '' : text;
}

/** A claim that is there and blank says "none", which must agree too; an absent one says nothing. */
const readClaimedText = (value: unknown): string | null =>
  value === undefined || value === null ? null : readText(value);

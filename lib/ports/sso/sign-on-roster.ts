import type { RosterUser } from '../../core/sso/decide-sign-on.ts';

/** The roster as the sign-on reads it: synced users only (R20). */
export interface SignOnRoster {
  /** Strongly consistent: a removal counts at once. */
  bySourcedId(districtId: string, sourcedId: string): Promise<RosterUser | null>;
  /** All synced users of exactly this username, active or not; each read again consistently. */
  byUsername(districtId: string, username: string): Promise<readonly RosterUser[]>;
}

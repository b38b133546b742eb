import type { FoundEnrollment, FoundManualUser, FoundUser, NamedRecord } from '../core/explain/user-facts.ts';

/** Looks single users up in the roster, with what hangs on them, for whoever has to explain them. Writes nothing. */
export interface RosterLookup {
  /** The synced user of exactly this id (R20), active or not. Strongly consistent. */
  bySourcedId(districtId: string, sourcedId: string): Promise<FoundUser | null>;
  /** The synced users of exactly this username, active or not. A change of the last moment may be missing. */
  byUsername(districtId: string, username: string): Promise<readonly FoundUser[]>;
  /** All synced users in batches, in no particular order: e-mails have no index, and people type names in any case. */
  allUsers(districtId: string): AsyncIterable<readonly FoundUser[]>;
  /** All users that were made by hand (R2). */
  manualUsers(districtId: string): Promise<readonly FoundManualUser[]>;
  /** The active enrollments of a user, by their sourcedIds. A change of the last moment may be missing. */
  enrollmentsOf(districtId: string, userSourcedId: string): Promise<readonly FoundEnrollment[]>;
  /** Name and status of orgs or classes, in the order of the ids. */
  namesOf(districtId: string, kind: 'org' | 'class', sourcedIds: readonly string[]): Promise<readonly NamedRecord[]>;
}

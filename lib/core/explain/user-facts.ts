import type { Finding } from '../oneroster/finding.ts';
import type { RosterFile } from '../oneroster/kinds.ts';
import type { ChangeOp, RecordStatus } from '../plan/change.ts';
import type { RekeyPair } from '../rekey/find-pairs.ts';
import type { Blocker } from '../sync/blocked-deltas.ts';
import type { DeliveryState, SyncState } from '../sync/states.ts';
import type { Sync } from '../sync/sync.ts';
import type { MatchedBy } from './match-user.ts';

/** A synced user as the table has it. Text that is blank or unreadable is ''. */
export interface FoundUser {
  readonly sourcedId: string;
  readonly productId: string;
  readonly status: RecordStatus;
  readonly role: string;
  readonly username: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  /** enabledUser; what cannot be read counts as enabled. */
  readonly enabled: boolean;
  readonly orgSourcedIds: readonly string[];
  /** The sync that last wrote it. */
  readonly syncId: string | null;
  /** ISO 8601; when the sync that deactivated it began (R4). */
  readonly inactiveSince: string | null;
  /** ISO 8601; when the Portal last edited it, until a sync writes it again. */
  readonly editedAt: string | null;
  /** R12. */
  readonly movedTo: string | null;
}

/** A user that someone made in the Portal (R2). */
export interface FoundManualUser {
  readonly productId: string;
  readonly role: string;
  readonly username: string;
  readonly email: string;
  /** ISO 8601, or ''. */
  readonly createdAt: string;
}

/** An active enrollment of a user. */
export interface FoundEnrollment {
  readonly sourcedId: string;
  readonly classSourcedId: string;
  readonly role: string;
  readonly primary: boolean;
  /** `YYYY-MM-DD`, or ''. */
  readonly beginDate: string;
  readonly endDate: string;
}

/** An org or a class by its id; name and status are null where the table does not have it. */
export interface NamedRecord {
  readonly sourcedId: string;
  readonly name: string | null;
  readonly status: RecordStatus | null;
}

/** A row of a delivery that is about the user. */
export interface RowOfUser {
  readonly file: RosterFile | 'roles';
  /** File name as found in the upload. */
  readonly name: string;
  /** 1-based physical line, header counted, as findings have it. */
  readonly row: number;
  /** Of the row itself: an enrollment has its own. */
  readonly sourcedId: string;
  /** As written. */
  readonly status: string;
}

/** Its users.csv. */
export interface UsersFileFacts {
  readonly mode: 'bulk' | 'delta' | 'absent';
  /** Data rows that were read; 0 for a header-only file. */
  readonly rows: number;
  /** Why it could not be read to its end (R7), or null. */
  readonly fault: string | null;
}

/** What one delivery says about the user. */
export interface DeliveryFacts {
  readonly which: 'last' | 'last-applied';
  readonly deliveryId: string;
  /** ISO 8601; when it was whole, else when its first file came. */
  readonly at: string;
  /** The state of its sync once it has one, else its own. */
  readonly state: DeliveryState | SyncState;
  readonly syncId: string | null;
  /** R15: what it builds on and was not taken, where it waits for that. */
  readonly blockedBy: readonly Blocker[];
  /** `expired`: its files are gone (R22). `unreadable`: not a roster at all, or a broken zip. */
  readonly files: 'read' | 'expired' | 'unreadable';
  readonly users: UsersFileFacts;
  readonly rows: readonly RowOfUser[];
  /** The findings of its sync that name these rows or the user. */
  readonly findings: readonly Finding[];
  /** `some`: the sync had more findings than it lists. `expired`: its summary is gone, or was never written. */
  readonly findingsKnown: 'all' | 'some' | 'expired';
  /** Codes of the errors about whole files: why it was rejected, or what is missing. */
  readonly fileErrors: readonly string[];
  /** Rows of users.csv without a readable sourcedId (R5): any of them may be the user's. */
  readonly unreadableRows: number;
  /** Removals of users were left out: by R5 (`rows`), or by whoever approved the plan (`approval`). */
  readonly removalsLeftOut: 'rows' | 'approval' | null;
  /** R12: a pair that the user is one side of. */
  readonly pair: RekeyPair | null;
}

/** What a held sync would do to the user. */
export interface HeldFacts {
  readonly syncId: string;
  /** Null where only other records of theirs would change. */
  readonly op: ChangeOp | null;
  readonly enrollments: { readonly add: number; readonly change: number; readonly remove: number };
  readonly holds: readonly { readonly code: string; readonly message: string }[];
}

/** When and by what the user became inactive. `syncId` is null where that sync is no longer listed. */
export interface InactiveFacts {
  readonly since: string;
  readonly syncId: string | null;
  readonly origin: Sync['origin'] | null;
  readonly deliveryId: string | null;
}

/** Someone else who was meant by the same words. */
export interface OtherUser {
  readonly sourcedId: string;
  readonly matchedBy: MatchedBy;
  /** Null where only a delivery or a held plan has them. */
  readonly status: RecordStatus | null;
  readonly role: string;
}

/** Where the search looked. Counts only. */
export interface LookedAt {
  /** Synced users whose username and e-mail were compared; null where that was not necessary. */
  readonly syncedUsers: number | null;
  readonly manualUsers: number;
  readonly heldSyncs: number;
  /** A delivery that is still arriving: not looked at. */
  readonly arrivingDeliveryId: string | null;
}

/** The one user who was meant. */
export interface ChosenUser {
  readonly sourcedId: string;
  readonly matchedBy: MatchedBy;
  /** R12: the ids that lead to this one, the one that was asked for first. */
  readonly movedFrom: readonly string[];
  readonly record: FoundUser | null;
}

/** Everything that is known about whom someone asked for. */
export interface UserFacts {
  readonly districtId: string;
  readonly asked: string;
  /** Null where nobody, or nobody alone, is meant. */
  readonly user: ChosenUser | null;
  readonly others: readonly OtherUser[];
  readonly manual: readonly FoundManualUser[];
  readonly inactive: InactiveFacts | null;
  /** The last delivery, and the last applied one where that is another. */
  readonly deliveries: readonly DeliveryFacts[];
  readonly held: readonly HeldFacts[];
  readonly schools: readonly NamedRecord[];
  readonly classes: readonly (FoundEnrollment & { readonly class: NamedRecord })[];
  readonly lookedAt: LookedAt;
}

import type { Hold } from '../limits/hold.ts';
import type { RosterFile } from '../oneroster/kinds.ts';
import type { ChangeCounts } from '../plan/change.ts';
import type { Giver } from './giver.ts';
import type { DeliveryState, SyncState } from './states.ts';

/** One claimed file of a delivery: the exact uploaded version, copied to an immutable key. */
export interface DeliveryFile {
  readonly fileId: string;
  /** File name as uploaded. Never logged (R22). */
  readonly name: string;
  /** Key of the copy in the archive bucket. */
  readonly key: string;
  readonly bytes: number;
  readonly eTag: string;
  /** LastModified of the uploaded object, ISO 8601. */
  readonly lastModified: string;
}

/** A complete export, frozen (design §2). */
export interface Delivery {
  readonly districtId: string;
  /** Time-ordered, unique. */
  readonly deliveryId: string;
  readonly state: DeliveryState;
  /** Folder below the district's home that it was uploaded to; `test` (or below) is a dry run. */
  readonly folder: string;
  readonly packaging: 'zip' | 'files';
  /** Sorts deliveries: LastModified of the last object, then a counter (R15). '' while receiving. */
  readonly order: string;
  /** Has at least one delta file: never superseded, planned in order (R15). */
  readonly hasDelta: boolean;
  /** Roster files that it can replace whole: read, and bulk. Empty while receiving, and where it is unreadable. */
  readonly bulkFiles: readonly string[];
  /** Roster files that come as a delta. */
  readonly deltaFiles: readonly string[];
  readonly openedAt: string;
  readonly receivedAt: string | null;
  /** The sync that it became, once planned. */
  readonly syncId: string | null;
}

export type FindingTotals = {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly byCode: Readonly<Record<string, number>>;
};

/**
 * How long and how damaged files are (R5, R11). Counts only. Of one delivery: its own files. Of a district: what is usual,
 * which of files that the last delivery lacked, or had as a delta, is older (usual-profile.ts).
 */
export interface DeliveryProfile {
  /** Rows of each file. */
  readonly rows: Readonly<Partial<Record<RosterFile, number>>>;
  /** Rows with an error, by file. */
  readonly invalidRows: Readonly<Partial<Record<RosterFile, number>>>;
  /** Rows whose sourcedId could not be read, by file (R5, removals-withheld). */
  readonly unreadableRows: Readonly<Partial<Record<RosterFile, number>>>;
  /** Rows of each file when it last came in full: a delta says nothing about how long a file is (R11). */
  readonly bulkRows: Readonly<Partial<Record<RosterFile, number>>>;
  /** Whether the last line of each file had its end: a file that lacks what it had is perhaps cut (R16). */
  readonly endsWithLineEnd?: Readonly<Partial<Record<RosterFile, boolean>>>;
}

/**
 * What of a plan is applied: all that was shown; that without its removals; or with its pairs re-keyed instead of added
 * and removed (R12).
 */
export type ApplyScope = 'as-shown' | 'all-but-removals' | 'as-rekey';

/** What a person decided about a held plan (R13): never from a file. */
export interface HoldDecision extends Giver {
  /** The command that brought it: the same command twice is one decision (R15). */
  readonly commandId: string;
  readonly verdict: 'approved' | 'rejected';
  readonly scope: ApplyScope;
  readonly why: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** Records of the plan that the Portal had edited since, and that the approval overwrites. */
  readonly overwrites: number;
}

/** What an undo was asked to take back (R14). */
export interface UndoRequest {
  readonly syncId: string;
  /** Only records of this school. */
  readonly onlySchool: string | null;
  /** Only this user, with enrollments and demographics. */
  readonly user: string | null;
  /** Records that changed since are set back too. */
  readonly force: boolean;
}

/** How far an apply has come: slices before it are written. */
export interface ApplyCursor {
  /** Index into the plan's sections, in apply order. */
  readonly section: number;
  /** Changes of that section that are written. */
  readonly offset: number;
}

/** What becomes of one delivery: plan, then apply, then report (design §2). Undo and re-key are plans too (R12, R14). */
export interface Sync {
  readonly districtId: string;
  readonly syncId: string;
  /** The delivery; for an undo that of the sync it undoes; '' for a re-key. */
  readonly deliveryId: string;
  readonly origin: 'delivery' | 'undo' | 'rekey';
  readonly state: SyncState;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** Lease number under which it was planned; names the plan's folder (object-keys.ts). */
  readonly attempt: number;
  readonly changes: Readonly<Partial<Record<RosterFile, ChangeCounts>>>;
  readonly findingCounts: FindingTotals;
  readonly holds: readonly Hold[];
  /** The district's `revision` when the plan read the table: an approval demands that it is the same (R13). */
  readonly basis: number;
  readonly decision: HoldDecision | null;
  /** R12: pairs of a removed and an added user that seem to be one person. */
  readonly pairs: number;
  readonly undo: UndoRequest | null;
  /** For undo and re-key: records that changed since and were left alone. */
  readonly conflicts: number;
  /** The sync that took this one back. */
  readonly undoneBy: string | null;
  /** Records that the proof found edited in the Portal since the plan read them. */
  readonly editedSince: number;
  /** What its delivery is like by itself. Absent before it was read, of undo and re-key, and in rows of before. */
  readonly ownProfile?: DeliveryProfile;
  /** The same over what was usual when it was planned: for rows, and workers, of before `ownProfile`. */
  readonly profile: DeliveryProfile | null;
  /** What was usual when it was planned; null where nothing had been applied. */
  readonly previousProfile: DeliveryProfile | null;
  /** Equal for deliveries that say the same, as far as it is stored; '' where nothing was read. */
  readonly content: string;
  readonly cursor: ApplyCursor;
  /** Records written so far by the apply. */
  readonly recordsWritten: number;
  /** Workers in a row that began to plan or apply it and did not bring it on. Absent in rows of before: none. */
  readonly tries?: { readonly count: number; readonly since: string } | null;
  /** For `failed`: the code of the failure. */
  readonly failureCode: string | null;
  /** States that it reached and that the outside was perhaps not told of yet, written together with the state itself. */
  readonly untold: readonly SyncState[];
}

/** The district's running state. */
export interface DistrictState {
  /** The sync that is being applied; it is finished before anything else starts (R15). */
  readonly applyingSyncId: string | null;
  readonly lastApplied: {
    readonly syncId: string;
    readonly deliveryId: string;
    readonly order: string;
    readonly appliedAt: string;
    /** What is usual: all that is in the table has its part in it, not this sync alone. */
    readonly profile: DeliveryProfile;
  } | null;
  /** R14: uploads are accepted and planned, nothing is applied. */
  readonly syncPaused: boolean;
  /** Syncs that wait for a person, oldest first. */
  readonly heldSyncIds: readonly string[];
  /** The latest commands that paused or resumed: each takes effect once (R15). */
  readonly switchCommandIds: readonly string[];
  /** Held syncs that a newer delivery took the place of: to be ended as superseded. */
  readonly replacedSyncIds: readonly string[];
  /** Waiting deliveries that a newer one runs instead of: to be put aside as superseded, or were since. */
  readonly replacedDeliveryIds: readonly string[];
  /** Grows whenever an apply may have changed the table (R13). */
  readonly revision: number;
}

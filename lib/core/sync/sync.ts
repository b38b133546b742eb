import type { RosterFile } from '../oneroster/kinds.ts';
import type { ChangeCounts } from '../plan/change.ts';
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

/** What the next plan needs to know of the last applied delivery (R5, R11). Counts only. */
export interface DeliveryProfile {
  /** Rows of each file. */
  readonly rows: Readonly<Partial<Record<RosterFile, number>>>;
  /** Rows with an error, by file. */
  readonly invalidRows: Readonly<Partial<Record<RosterFile, number>>>;
  /** Rows whose sourcedId could not be read, by file (R5, removals-withheld). */
  readonly unreadableRows: Readonly<Partial<Record<RosterFile, number>>>;
}

/** A reason for which a plan waits for a person (R11). */
export interface Hold {
  readonly code: string;
  readonly message: string;
}

/** How far an apply has come: slices before it are written. */
export interface ApplyCursor {
  /** Index into the plan's sections, in apply order. */
  readonly section: number;
  /** Changes of that section that are written. */
  readonly offset: number;
}

/** What becomes of one delivery: plan, then apply, then report (design §2). */
export interface Sync {
  readonly districtId: string;
  readonly syncId: string;
  readonly deliveryId: string;
  readonly state: SyncState;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** Lease number under which it was planned; names the plan's folder (object-keys.ts). */
  readonly attempt: number;
  readonly changes: Readonly<Partial<Record<RosterFile, ChangeCounts>>>;
  readonly findingCounts: FindingTotals;
  readonly holds: readonly Hold[];
  readonly profile: DeliveryProfile | null;
  readonly cursor: ApplyCursor;
  /** Records written so far by the apply. */
  readonly recordsWritten: number;
  /** For `failed`: the code of the failure. */
  readonly failureCode: string | null;
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
    readonly profile: DeliveryProfile;
  } | null;
  /** R14: uploads are accepted and planned, nothing is applied. */
  readonly syncPaused: boolean;
}

import type { OneRosterVersion } from '../delivery/manifest.ts';
import type { Upload, UploadVerdict } from '../delivery/upload.ts';
import type { Finding, FindingCounts } from '../oneroster/finding.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import type { RecordKind, RosterFile } from '../oneroster/kinds.ts';
import type { DeliveryProfile } from '../sync/sync.ts';
import type { Change, ChangeCounts, StoredRecord } from './change.ts';
import type { PlanSection } from './sections.ts';

/** A user that people made in the Portal, as far as R2 looks at it. */
export interface ManualUserLook {
  readonly username: string;
  readonly email: string;
}

/** What a plan is made of. */
export interface PlanInput {
  readonly upload: Upload;
  /** The synced records of a kind, active and inactive; strongly consistent (R1). */
  readonly readTable: (kind: RecordKind) => AsyncIterable<readonly StoredRecord[]>;
  /** False for a `check` without a table: references of a delta to earlier deliveries cannot be decided then. */
  readonly tableIsKnown: boolean;
  /** Manual users, for look-alikes (R2). */
  readonly readManualUsers: () => AsyncIterable<readonly ManualUserLook[]>;
  /** R10. Otherwise demographics.csv is checked and not stored. */
  readonly storeDemographics: boolean;
  /** Rows without a readable sourcedId in the last applied delivery, by file (R5). */
  readonly lastUnreadableRows: Readonly<Partial<Record<RosterFile, number>>>;
  /** A fresh productId for an added record. */
  readonly newProductId: () => string;
  /** Takes the changes of a section in batches. */
  readonly write: (section: PlanSection, changes: readonly Change[]) => Promise<void>;
  /** How many findings are listed; all are counted. */
  readonly findingLimit?: number;
  /** Sees all that is read and planned go by. */
  readonly watch?: PlanWatch;
  /** Told now and then how far the reading is. */
  readonly onProgress?: (progress: { file: string; rows: number }) => void;
}

/** Looks on while a plan is made: for limits, re-keys and the proof. Changes nothing. */
export interface PlanWatch {
  /** The table's records of a kind are read, from the first on; again where it is read a second time. */
  startTable(kind: RecordKind): void;
  sawTable(kind: RecordKind, batch: readonly StoredRecord[]): void;
  sawChanges(changes: readonly Change[]): void;
  /** After the last change: what it has to say. `usersFile`: the name of users.csv as it was sent, if it was. */
  finish(log: FindingLog, usersFile: string | null): void;
}

/** How a file was read and how its rows did; valid + errors = rows. */
export interface FileTotals {
  readonly mode: 'absent' | 'bulk' | 'delta';
  readonly rows: number;
  readonly valid: number;
  readonly errors: number;
}

/** The outcome of a plan. Where `verdict` is not `accepted`, the changes written so far must be dropped. */
export interface PlanResult {
  readonly verdict: UploadVerdict;
  readonly version: OneRosterVersion | null;
  readonly files: Readonly<Record<string, FileTotals>>;
  readonly changes: Readonly<Record<RosterFile, ChangeCounts>>;
  readonly findings: readonly Finding[];
  readonly findingCounts: FindingCounts;
  readonly profile: DeliveryProfile;
  /** Equal for deliveries that say the same, as far as it is stored. */
  readonly content: string;
}

import type { RecordKind } from '../core/oneroster/kinds.ts';
import type { Change, StoredRecord } from '../core/plan/change.ts';

/** A manual user, as far as a sync looks at it: to report look-alikes (R2), never to change it. */
export interface ManualUser {
  readonly productId: string;
  readonly username: string;
  readonly email: string;
}

/** Who writes: a lane and the lease number that its fence row must still hold (R15). */
export interface Fence {
  readonly lane: number;
  readonly number: number;
}

/** What every written record remembers of its last sync. */
export interface WriteStamp {
  readonly syncId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The roster part of the table: records. All reads are strongly consistent reads of the base table. */
export interface RosterTable {
  /** All synced records of a kind, active and inactive, in batches, in no particular order. */
  readSynced(districtId: string, kind: RecordKind): AsyncIterable<readonly StoredRecord[]>;
  /** All manual users of the district. */
  readManualUsers(districtId: string): AsyncIterable<readonly ManualUser[]>;
  /**
   * Sets every lane's fence row to `number`. `false` where a row already holds a higher number: the caller is stale
   * and must stop. Called before the table is read (R15).
   */
  raiseFences(districtId: string, number: number): Promise<boolean>;
  /**
   * Writes changes in one transaction: all or none. Each write demands "absent, or source = sis" (R2) and the lane's
   * fence row at exactly `number` (R15). Sent twice it writes the same content.
   * `fenced`: a newer holder works on this district; stop.
   * The caller keeps a slice within `maxChangesPerWrite` weights.
   */
  writeChanges(
    districtId: string,
    fence: Fence,
    changes: readonly Change[],
    stamp: WriteStamp,
  ): Promise<'written' | 'fenced'>;
  /** How many of a transaction's 99 places a change takes: 1, and 1 for each school row that it adds or removes. */
  weightOf(change: Change): number;
}

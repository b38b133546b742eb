import type { RecordKind } from '../core/oneroster/kinds.ts';
import type { Fence } from './roster-table.ts';

/** A synced record that has been inactive for longer than it may be kept. */
export interface ExpiredRecord {
  readonly sourcedId: string;
  /** R12: the record that took its place; launches of the old id go there. */
  readonly movedTo: string | null;
  /** Of a user: rows of schools that exist for it, each `role#orgSourcedId`. An inactive one should have none. */
  readonly schoolRows: readonly string[];
}

/** Synced records whose retention time is over (R22). */
export interface ExpiredRecords {
  /** Synced records of a kind that became inactive at `cutoff` (ISO 8601) or before, in batches. Strongly consistent. */
  find(districtId: string, kind: RecordKind, cutoff: string): AsyncIterable<readonly ExpiredRecord[]>;
  /** Which of these sourcedIds have a record. */
  present(districtId: string, kind: RecordKind, sourcedIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Forgets whom ClassLink's users were, where that is one of these records (R20). Returns how many it forgot. */
  forgetAnchors(districtId: string, sourcedIds: ReadonlySet<string>): Promise<number>;
  /**
   * Deletes records that are still synced, inactive and past `cutoff`; others are left as they are. Returns how many are
   * gone. `fenced`: a newer holder works on this district; stop.
   */
  remove(
    districtId: string,
    fence: Fence,
    kind: RecordKind,
    records: readonly ExpiredRecord[],
    cutoff: string,
  ): Promise<number | 'fenced'>;
}

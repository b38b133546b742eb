import type { RecordKind } from '../oneroster/kinds.ts';

/** Whether the SIS still has the record (R4). Records are never deleted by a sync. */
export type RecordStatus = 'active' | 'inactive';

/** A synced record as the table holds it, in the core's words. */
export interface StoredRecord {
  readonly kind: RecordKind;
  readonly status: RecordStatus;
  /** Stable for the life of the record; also after deactivate and reactivate (R4). */
  readonly productId: string;
  /** Canonical text: sourcedId and stored values (`record-line.ts`). */
  readonly line: string;
  /**
   * False where something that the sync keeps beside the fields (an index key) is not what the fields say,
   * or where a field cannot be read: the record is then written again even if its line is equal (R1).
   */
  readonly sound: boolean;
}

/** What the plan does to one record. `reactivate` wins over `update`: a record that comes back counts once (R4). */
export type ChangeOp = 'add' | 'update' | 'deactivate' | 'reactivate';

/** A record before or after a change. */
export interface RecordImage {
  readonly status: RecordStatus;
  readonly line: string;
}

/** One line of a plan: a record before and after. `before` is null for an add. */
export interface Change {
  readonly op: ChangeOp;
  readonly kind: RecordKind;
  readonly productId: string;
  readonly before: RecordImage | null;
  readonly after: RecordImage;
}

/** How many records of one kind a plan changes. */
export interface ChangeCounts {
  add: number;
  update: number;
  deactivate: number;
  reactivate: number;
  /** Rows of the delivery that the table already equals. */
  unchanged: number;
}

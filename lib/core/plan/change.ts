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
  /** R12: the sourcedId of the record that has this one's former productId. Only on inactive users. */
  readonly movedTo?: string;
  /** When the Portal last edited the record, ISO 8601; absent where no edit came since a sync wrote it. */
  readonly editedAt?: string;
}

/** What the plan does to one record. `reactivate` wins over `update`: a record that comes back counts once (R4). */
export type ChangeOp = 'add' | 'update' | 'deactivate' | 'reactivate';

/** A record before or after a change. */
export interface RecordImage {
  readonly status: RecordStatus;
  readonly line: string;
  /** As in `StoredRecord`. */
  readonly movedTo?: string;
}

/** One line of a plan: a record before and after. `before` is null for an add. */
export interface Change {
  readonly op: ChangeOp;
  readonly kind: RecordKind;
  /** After the change. */
  readonly productId: string;
  /** Where it was another one before: re-key (R12), and its undo. */
  readonly productIdBefore?: string;
  readonly before: RecordImage | null;
  readonly after: RecordImage;
  /** The other side of a re-key: written in the same transaction, or neither (R12). */
  readonly partner?: Change;
}

/** The records that a change writes: one, or the two of a re-key. */
export const recordsOf = (change: Change): readonly Change[] =>
  change.partner === undefined ? [change] : [change.partner, change];

/** A stored record as the image of a change. */
export const imageOf = ({ status, line, movedTo }: StoredRecord): RecordImage =>
  movedTo === undefined ? { status, line } : { status, line, movedTo };

/** How many records of one kind a plan changes. */
export interface ChangeCounts {
  add: number;
  update: number;
  deactivate: number;
  reactivate: number;
  /** Rows of the delivery that the table already equals. */
  unchanged: number;
}

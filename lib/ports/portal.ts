import type { RecordKind } from '../core/oneroster/kinds.ts';

/** What the Portal may put in a field. Lists are arrays; blank is null. Nothing forces it to fit the column. */
export type FieldValue = string | boolean | readonly string[];

export type PortalFields = Readonly<Record<string, FieldValue | null>>;

/** A record that someone made in the Portal (R2). `productId` is its key; it has no sourcedId. */
export interface ManualRecord {
  readonly districtId: string;
  readonly kind: RecordKind;
  readonly productId: string;
  /** OneRoster column names of the kind's stored columns. */
  readonly fields: PortalFields;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** An edit of a synced record in the Portal: the fields that it names, nothing else. */
export interface SyncedRecordEdit {
  readonly districtId: string;
  readonly kind: RecordKind;
  readonly sourcedId: string;
  readonly fields: PortalFields;
  /** ISO 8601. */
  readonly editedAt: string;
}

/** The Portal's side of the table (R2, docs/data-model.md). The next sync overrides edits of synced records (R1). */
export interface PortalRoster {
  /** Writes a manual record under its own key; the same record again is fine. */
  create(record: ManualRecord): Promise<void>;
  /** Changes fields only: never keys, `source`, `productId` or `status`. `missing`: there is no such synced record. */
  edit(edit: SyncedRecordEdit): Promise<'edited' | 'missing'>;
}

import { readRecord } from '../../lib/adapters/memory/memory-record.ts';
import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import type { RecordStatus, StoredRecord } from '../../lib/core/plan/change.ts';

/** A synced record without its bookkeeping. Who owns which productId is looked at elsewhere (`product-owners.ts`). */
export interface RecordLook {
  readonly kind: RecordKind;
  readonly id: string;
  readonly status: RecordStatus;
  readonly line: string;
  readonly movedTo: string | null;
}

/** The synced records of a district, by `kind id`. */
export type TableLook = ReadonlyMap<string, RecordLook>;

/** The synced records of one kind as they were at one step. */
export interface KindSnapshot {
  readonly step: number;
  readonly records: readonly StoredRecord[];
}

export type Snapshots = Map<RecordKind, KindSnapshot>;

export const keyOf = (kind: RecordKind, id: string): string => `${kind} ${id}`;

/** Reads a kind as a sync does, in one step. */
export const snapshotOf = (store: MemoryStore, districtId: string, kind: RecordKind, step: number): KindSnapshot => ({
  step,
  records: [...store.synced(districtId, kind)].flatMap(([id, record]) => readRecord(kind, id, record) ?? []),
});

/** The table as somebody read it, kind by kind. */
export function lookAt(snapshots: Snapshots): TableLook {
  const look = new Map<string, RecordLook>();
  for (const { records } of snapshots.values()) {
    for (const { kind, status, line, movedTo = null } of records) {
      const id = idOfLine(line);
      look.set(keyOf(kind, id), { kind, id, status, line, movedTo });
    }
  }
  return look;
}

/** The table of a district as it is now. */
export const lookNow = (store: MemoryStore, districtId: string): TableLook =>
  lookAt(new Map(RECORD_KINDS.map((kind) => [kind, snapshotOf(store, districtId, kind, 0)])));

export const isSame = (one: RecordLook | undefined, other: RecordLook | undefined): boolean =>
  one?.status === other?.status && one?.line === other?.line && one?.movedTo === other?.movedTo;

/** One cell of a record. */
export function cellOf({ kind, line }: RecordLook, column: string): string {
  return valuesOfLine(line)[storedColumnsOf(kind).findIndex(({ name }) => name === column)] ?? '';
}

/** The ids of a list cell. */
export const listOf = (cell: string): readonly string[] => (cell === '' ? [] : [...new Set(cell.split(','))]);

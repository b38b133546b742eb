import { RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import { idOfLine } from '../oneroster/record-line.ts';
import type { Change, StoredRecord } from './change.ts';
import { ROW_USABLE, RowStore } from './row-store.ts';

/** Records read at a time. */
const BATCH = 1000;

/**
 * The synced records that a first plan against an empty table leaves, kept as bytes: what `rollcall plan --against`
 * compares with. Its productIds are made up.
 */
export class LineTable {
  readonly #stores = new Map<RecordKind, RowStore>(RECORD_KINDS.map((kind) => [kind, new RowStore()]));

  /** Applies the changes of a plan against an empty table, which can only be adds. */
  apply(changes: readonly Change[]): void {
    for (const { op, kind, after } of changes) {
      if (op !== 'add') throw new Error(`a plan against an empty table cannot ${op}`);
      this.#stores.get(kind)!.append(idOfLine(after.line), after.line, ROW_USABLE, 0);
    }
  }

  async *read(kind: RecordKind): AsyncGenerator<readonly StoredRecord[]> {
    const store = this.#stores.get(kind)!;
    for (let start = 0; start < store.count; start += BATCH) {
      const batch: StoredRecord[] = [];
      for (let i = start; i < Math.min(start + BATCH, store.count); i++) {
        batch.push({ kind, status: 'active', productId: `${kind}-${i}`, line: store.line(i), sound: true });
      }
      yield batch;
    }
  }
}

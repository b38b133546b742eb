import { isDeepStrictEqual } from 'node:util';
import type { MemoryRecord, MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import type { RecordKind } from '../../lib/core/oneroster/kinds.ts';

/** A manual record as it was when it was made (R2). */
export interface ManualCopy {
  readonly districtId: string;
  readonly kind: RecordKind;
  readonly productId: string;
  readonly record: MemoryRecord;
}

export function keepManual(store: MemoryStore, districtId: string, kind: RecordKind, productId: string): ManualCopy {
  const record = store.manual(districtId, kind).get(productId);
  if (record === undefined) throw new Error('a manual record was not written');
  return { districtId, kind, productId, record: structuredClone(record) };
}

/** R2: whether the table still has exactly this record. */
export const isUntouched = (store: MemoryStore, { districtId, kind, productId, record }: ManualCopy): boolean =>
  isDeepStrictEqual(store.manual(districtId, kind).get(productId), record);

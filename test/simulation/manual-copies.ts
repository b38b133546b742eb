import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import type { RecordKind } from '../../lib/core/oneroster/kinds.ts';

/** A manual record as it was when it was made, as JSON (R2). */
export interface ManualCopy {
  readonly districtId: string;
  readonly kind: RecordKind;
  readonly productId: string;
  readonly text: string;
}

const textOf = (store: MemoryStore, districtId: string, kind: RecordKind, productId: string): string =>
  JSON.stringify(store.manual(districtId, kind).get(productId) ?? null);

export const keepManual = (
  store: MemoryStore,
  districtId: string,
  kind: RecordKind,
  productId: string,
): ManualCopy => ({ districtId, kind, productId, text: textOf(store, districtId, kind, productId) });

/** R2: whether the table still has exactly this record. */
export const isUntouched = (store: MemoryStore, { districtId, kind, productId, text }: ManualCopy): boolean =>
  textOf(store, districtId, kind, productId) === text;

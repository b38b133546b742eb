import { planPromiseKey } from '../contracts/object-keys.ts';
import { RECORD_KINDS, type RecordKind } from '../core/oneroster/kinds.ts';
import { idOfLine } from '../core/oneroster/record-line.ts';
import { bucketOfId, differenceOf, KindDigest } from '../core/proof/kind-digest.ts';
import { type PlanPromise, readPromise } from '../core/proof/plan-promise.ts';
import type { Sync } from '../core/sync/sync.ts';
import { Failure } from '../ports/failure.ts';
import type { Archive } from '../ports/objects.ts';
import type { RosterTable } from '../ports/roster-table.ts';
import { scopeOf } from './applied-changes.ts';

/** The table is not what the plan promised: a defect, never silent (design §4). The next plan repairs it. */
export class ProofMismatch extends Failure {
  override readonly name = 'ProofMismatch';
  readonly code = 'proof-mismatch';
  readonly retryable = false;
}

/** Kinds in the order in which they are proven. A cursor counts them after the plan's sections. */
export const PROVEN_KINDS: readonly RecordKind[] = RECORD_KINDS;

/** How far the clocks of the Portal may be behind ours, milliseconds: an edit stamped that early may be later. */
const CLOCK_SKEW = 5 * 60_000;

/** What a sync's plan promised; null once it has expired, and for plans that changed nothing. */
export async function promiseOf(archive: Archive, prefix: string, sync: Sync): Promise<PlanPromise | null> {
  const scope = scopeOf(sync);
  const text = await archive.readText(planPromiseKey(prefix, scope === 'as-shown' ? undefined : scope));
  return text === null ? null : readPromise(text);
}

/**
 * Compares the records of a kind with the promise (design §4, apply): counts and hashes. A record that the Portal edited
 * since the plan read it may differ in its fields, and so hides what else differs in its part of the digest; nothing but
 * a sync writes the rest. Returns how many such records there are. Throws `ProofMismatch`.
 */
export async function proveKind(
  { roster }: { readonly roster: RosterTable },
  sync: Sync,
  kind: RecordKind,
  promised: KindDigest,
  onBatch: () => Promise<void>,
): Promise<number> {
  const since = Date.parse(sync.createdAt) - CLOCK_SKEW;
  const found = new KindDigest();
  const edited = new Set<number>();
  let count = 0;
  for await (const batch of roster.readSynced(sync.districtId, kind)) {
    for (const record of batch) {
      found.add(record);
      if (record.editedAt === undefined || Date.parse(record.editedAt) < since) continue;
      edited.add(bucketOfId(idOfLine(record.line)));
      count++;
    }
    await onBatch();
  }
  const { identity, content } = differenceOf(promised, found);
  if (identity || [...content].some((bucket) => !edited.has(bucket))) {
    throw new ProofMismatch(`after the apply, ${kind} records are not what the plan promised`);
  }
  return count;
}

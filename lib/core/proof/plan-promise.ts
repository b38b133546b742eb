import { RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import { type Change, recordsOf, type StoredRecord } from '../plan/change.ts';
import { KindDigest } from './kind-digest.ts';

/**
 * What the table will be when a plan is applied: its records as the plan read them, with the changes of the plan. Kinds
 * that the plan did not read promise nothing. `PlanPromise` sees the streams of the planner go by.
 */
export class PlanPromise {
  readonly kinds = new Map<RecordKind, KindDigest>();

  /** A kind is read from its first record on, again. */
  startKind(kind: RecordKind): void {
    this.kinds.set(kind, new KindDigest());
  }

  sawRecords(kind: RecordKind, records: readonly StoredRecord[]): void {
    const digest = this.kinds.get(kind)!;
    for (const record of records) digest.add(record);
  }

  sawChanges(changes: readonly Change[]): void {
    for (const change of changes.flatMap(recordsOf)) this.#turn(change, 1);
  }

  /** Changes of the plan that will not be applied after all (R12: approved as a re-key; "all but the removals"). */
  withoutChanges(changes: readonly Change[]): void {
    for (const change of changes.flatMap(recordsOf)) this.#turn(change, -1);
  }

  #turn({ kind, before, after, productId, productIdBefore }: Change, sign: 1 | -1): void {
    // A plan changes only what it read. Where it did not read, there is nothing to promise.
    const digest = this.kinds.get(kind);
    if (digest === undefined) return;
    const old = before && { ...before, productId: productIdBefore ?? productId };
    const now = { ...after, productId };
    if (sign > 0) {
      if (old) digest.remove(old);
      digest.add(now);
    } else {
      digest.remove(now);
      if (old) digest.add(old);
    }
  }
}

/** A digest as it is stored: of the sums only those that are not zero, by their place. */
interface StoredDigest {
  readonly active: number;
  readonly inactive: number;
  readonly sums: Readonly<Record<number, number>>;
}

/** As text, for the plan's folder: JSON. */
export function writePromise({ kinds }: PlanPromise): string {
  const stored: Partial<Record<RecordKind, StoredDigest>> = {};
  for (const [kind, { active, inactive, sums }] of kinds) {
    const some: Record<number, number> = {};
    for (let at = 0; at < sums.length; at++) if (sums[at] !== 0) some[at] = sums[at]!;
    stored[kind] = { active, inactive, sums: some };
  }
  return JSON.stringify(stored);
}

/** Reads what `writePromise` wrote. */
export function readPromise(text: string): PlanPromise {
  const stored = JSON.parse(text) as Partial<Record<RecordKind, StoredDigest>>;
  const promise = new PlanPromise();
  for (const kind of RECORD_KINDS) {
    const digest = stored[kind];
    if (digest === undefined) continue;
    promise.startKind(kind);
    const { sums, ...counts } = digest;
    const read = Object.assign(promise.kinds.get(kind)!, counts);
    for (const [at, sum] of Object.entries(sums)) read.sums[Number(at)] = sum;
  }
  return promise;
}

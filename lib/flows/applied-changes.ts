import { idOfLine } from '../core/oneroster/record-line.ts';
import type { Change } from '../core/plan/change.ts';
import { type PlanSection, REKEY_SECTION } from '../core/plan/sections.ts';
import type { ApplyScope, Sync } from '../core/sync/sync.ts';
import type { PlanStore } from '../ports/plan-store.ts';

/** What of its plan a sync applies. */
export const scopeOf = ({ decision }: Pick<Sync, 'decision'>): ApplyScope => decision?.scope ?? 'as-shown';

/** Changes that a sync has to write, or would have to in another scope. */
export function promisedChanges(sync: Sync, scope: ApplyScope = scopeOf(sync)): number {
  const all = Object.values(sync.changes).reduce((sum, { add, update, deactivate, reactivate }) => {
    return sum + add + update + reactivate + (scope === 'all-but-removals' ? 0 : deactivate);
  }, 0);
  // A pair is one change of two records.
  return scope === 'as-rekey' ? all - sync.pairs : all;
}

/**
 * The changes of a plan that are applied: all of it, or what a person approved (R12, R13). The plan itself stays as it was
 * shown; what is left out is decided by the scope alone, so that every worker skips the same.
 */
export class AppliedChanges {
  readonly #plans: PlanStore;
  readonly #prefix: string;
  readonly #scope: ApplyScope;
  /** sourcedIds of both sides of the pairs. */
  #rekeyed: ReadonlySet<string> | null = null;

  constructor(plans: PlanStore, prefix: string, scope: ApplyScope) {
    this.#plans = plans;
    this.#prefix = prefix;
    this.#scope = scope;
  }

  /** The changes of a section from the `offset`-th applied one on. */
  async *read(section: PlanSection, offset: number): AsyncGenerator<readonly Change[]> {
    if (this.#skips(section)) return;
    if (this.#scope !== 'as-rekey' || section.kind !== 'user' || section.rekey) {
      yield* this.#plans.readSection(this.#prefix, section, offset);
      return;
    }
    this.#rekeyed ??= await this.#pairedIds();
    let skip = offset;
    for await (const batch of this.#plans.readSection(this.#prefix, section, 0)) {
      const kept = batch.filter(({ after }) => !this.#rekeyed!.has(idOfLine(after.line)));
      const wanted = kept.slice(skip);
      skip = Math.max(0, skip - kept.length);
      if (wanted.length > 0) yield wanted;
    }
  }

  #skips({ rekey, removal }: PlanSection): boolean {
    return rekey ? this.#scope !== 'as-rekey' : removal && this.#scope === 'all-but-removals';
  }

  async #pairedIds(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for await (const batch of this.#plans.readSection(this.#prefix, REKEY_SECTION, 0))
      for (const { after, partner } of batch) {
        ids.add(idOfLine(after.line));
        if (partner) ids.add(idOfLine(partner.after.line));
      }
    return ids;
  }
}

import type { Hold } from '../limits/hold.ts';
import type { Limits } from '../limits/limit-settings.ts';
import { LimitWatch } from '../limits/limit-watch.ts';
import { listSchools, type SchoolSizes } from '../limits/school-sizes.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import { PlanPromise } from '../proof/plan-promise.ts';
import type { Agreement } from '../rekey/agreement.ts';
import { type AmbiguousGroup, RekeyFinder, type RekeyPair } from '../rekey/find-pairs.ts';
import type { DeliveryProfile } from '../sync/sync.ts';
import { planDelivery } from './plan-delivery.ts';
import type { PlanInput, PlanResult, PlanWatch } from './plan-input.ts';

/** What a plan is measured by. */
export interface Measure {
  readonly limits: Limits;
  /** Of the last applied delivery; null where there is none. */
  readonly lastProfile: DeliveryProfile | null;
}

/** A plan with what has to be known before it may be applied. */
export interface JudgedPlan {
  readonly result: PlanResult;
  /** R11; empty for a plan that is not accepted: nothing of it is applied anyway. */
  readonly holds: readonly Hold[];
  /** R12: users who seem to have a new sourcedId. */
  readonly pairs: readonly RekeyPair[];
  /** R12: users who agree, but not one to one. */
  readonly ambiguous: readonly AmbiguousGroup[];
  /** R11: what each school will have; none for a plan that is not accepted. */
  readonly schoolSizes: SchoolSizes;
  /** What the table will be. */
  readonly promise: PlanPromise;
}

/** Plans a delivery, measures the plan by the district's limits (R11), and looks for re-keyed users (R12). */
export async function judgePlan(input: Omit<PlanInput, 'watch'>, measure: Measure): Promise<JudgedPlan> {
  const watch = new Watch();
  const result = await planDelivery({ ...input, watch });
  const { pairs, ambiguous, promise, limits } = watch;
  const accepted = result.verdict === 'accepted';
  const holds = accepted ? limits.holds({ ...measure, result, pairs: pairs.length }) : [];
  return { result, holds, pairs, ambiguous, schoolSizes: accepted ? limits.schoolSizes() : listSchools([]), promise };
}

class Watch implements PlanWatch {
  readonly limits = new LimitWatch();
  readonly promise = new PlanPromise();
  pairs: readonly RekeyPair[] = [];
  ambiguous: readonly AmbiguousGroup[] = [];
  readonly #finder = new RekeyFinder();

  startTable: PlanWatch['startTable'] = (kind) => {
    this.limits.startTable(kind);
    this.promise.startKind(kind);
  };

  sawTable: PlanWatch['sawTable'] = (kind, batch) => {
    this.limits.sawTable(kind, batch);
    this.promise.sawRecords(kind, batch);
  };

  sawChanges: PlanWatch['sawChanges'] = (changes) => {
    this.limits.sawChanges(changes);
    this.promise.sawChanges(changes);
    this.#finder.sawChanges(changes);
  };

  finish(log: FindingLog, file: string | null): void {
    const { pairs, ambiguous } = this.#finder.result();
    this.pairs = pairs;
    this.ambiguous = ambiguous;
    for (const { from, to, by } of pairs) log.add('rekey-pair', { file, sourcedId: to }, { from, by: IN_WORDS[by] });
    for (const { from, to, by } of ambiguous) {
      log.add(
        'rekey-ambiguous',
        { file, sourcedId: to[0] ?? null },
        { from: someOf(from), to: someOf(to), by: IN_WORDS[by] },
      );
    }
  }
}

/** How many ids of each side an ambiguous group names. */
const NAMED_IDS = 5;

/** 'a, b', or 'a, b, c, d, e and 7 more'. */
function someOf(ids: readonly string[]): string {
  const named = ids.slice(0, NAMED_IDS).join(', ');
  return ids.length > NAMED_IDS ? `${named} and ${ids.length - NAMED_IDS} more` : named;
}

const IN_WORDS: Readonly<Record<Agreement, string>> = {
  identifier: 'identifier',
  username: 'username',
  email: 'e-mail',
  'name-and-birth-date': 'name and birth date',
  'name-grade-school': 'name, grade and school',
};

import type { Upload } from '../../lib/core/delivery/upload.ts';
import type { Change } from '../../lib/core/plan/change.ts';
import { planDelivery } from '../../lib/core/plan/plan-delivery.ts';
import type { ManualUserLook, PlanInput, PlanResult } from '../../lib/core/plan/plan-input.ts';
import { sectionOf } from '../../lib/core/plan/sections.ts';
import { ModelTable } from './model-table.ts';

/** What a trial may set; everything has a plain default. */
export interface TrialOptions
  extends Partial<Pick<PlanInput, 'storeDemographics' | 'lastUnreadableRows' | 'findingLimit'>> {
  readonly tableIsKnown?: boolean;
  readonly manualUsers?: readonly ManualUserLook[];
}

/** A plan and its changes, in the order in which they were written. */
export interface Trial {
  readonly result: PlanResult;
  readonly changes: readonly Change[];
}

/** Plans an upload against a table and collects the changes; the table stays as it is. */
export async function planAgainst(upload: Upload, table: ModelTable, options: TrialOptions = {}): Promise<Trial> {
  const changes: Change[] = [];
  const { tableIsKnown = true, manualUsers = [], storeDemographics = true, lastUnreadableRows = {} } = options;
  const result = await planDelivery({
    upload,
    readTable: (kind) => table.read(kind),
    tableIsKnown,
    readManualUsers: async function* () {
      yield manualUsers;
    },
    storeDemographics,
    lastUnreadableRows,
    ...(options.findingLimit === undefined ? {} : { findingLimit: options.findingLimit }),
    newProductId: () => table.newProductId(),
    write: async (section, batch) => {
      const stray = batch.find(({ kind, op }) => sectionOf(kind, op) !== section);
      if (stray !== undefined) throw new Error(`a change of ${stray.kind} was written to ${section.name}`);
      changes.push(...batch);
    },
  });
  return { result, changes };
}

/** Plans an upload and applies the plan. Throws where the delivery is not accepted. */
export async function sync(upload: Upload, table: ModelTable, options: TrialOptions = {}): Promise<Trial> {
  const trial = await planAgainst(upload, table, options);
  if (trial.result.verdict !== 'accepted') throw new Error(`the delivery is ${trial.result.verdict}`);
  table.apply(trial.changes);
  return trial;
}

/** `check`: plans against nothing and drops the changes. */
export const check = (upload: Upload, options: TrialOptions = {}): Promise<Trial> =>
  planAgainst(upload, new ModelTable(), { tableIsKnown: false, ...options });

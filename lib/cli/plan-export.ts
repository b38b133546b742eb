import { openUpload } from '../adapters/files/open-upload.ts';
import type { Limits } from '../core/limits/limit-settings.ts';
import type { Change } from '../core/plan/change.ts';
import { type JudgedPlan, judgePlan, type Measure } from '../core/plan/judge-plan.ts';
import { LineTable } from '../core/plan/line-table.ts';
import { planDelivery } from '../core/plan/plan-delivery.ts';
import type { PlanInput, PlanResult } from '../core/plan/plan-input.ts';
import type { DeliveryProfile } from '../core/sync/sync.ts';
import { CommandError, grouped } from './output.ts';
import { Progress } from './progress.ts';

/** An export that was applied, in memory: what `--against` compares with. */
export interface AppliedExport {
  readonly table: LineTable;
  readonly result: PlanResult;
}

interface Options {
  readonly storeDemographics: boolean;
  readonly findingLimit?: number;
  readonly maxRowBytes?: number;
}

const NOBODY: DeliveryProfile = { rows: {}, invalidRows: {}, unreadableRows: {}, bulkRows: {} };

/** Plans an export against nothing and keeps the records: the district that had applied it. */
export async function applyInMemory(path: string, options: Options): Promise<AppliedExport> {
  const table = new LineTable();
  const result = await run(path, options, { table: null, take: (changes) => table.apply(changes) });
  return { table, result };
}

/** Only an accepted export can have been applied: throws a `CommandError` for any other. */
export function demandAccepted({ result }: AppliedExport): void {
  if (result.verdict === 'accepted') return;
  const message = `The export given by --against is ${result.verdict}, so no district could have applied it.`;
  throw new CommandError('against-not-accepted', message, 'Run `rollcall check` on it.');
}

/** Plans an export against an applied one (or an empty district), and drops the changes after counting them. */
export function planExport(path: string, against: AppliedExport | null, options: Options): Promise<PlanResult> {
  return run(path, options, { table: against, take: () => {} });
}

/** The same, measured by a district's limits (R11). The applied one counts as its last applied delivery. */
export async function judgeExport(
  path: string,
  against: AppliedExport | null,
  options: Options,
  limits: Limits,
): Promise<JudgedPlan> {
  const measure: Measure = { limits, lastProfile: against?.result.profile ?? null };
  let judged: JudgedPlan | undefined;
  const planner = async (input: PlanInput) => {
    judged = await judgePlan(input, measure);
    return judged.result;
  };
  await run(path, options, { table: against, take: () => {} }, planner);
  return judged!;
}

async function run(
  path: string,
  options: Options,
  side: { table: AppliedExport | null; take: (changes: readonly Change[]) => void },
  planner: (input: PlanInput) => Promise<PlanResult> = planDelivery,
): Promise<PlanResult> {
  const upload = await openUpload(path, options.maxRowBytes);
  const progress = new Progress();
  let added = 0;
  try {
    return await planner({
      upload,
      readTable: async function* (kind) {
        if (side.table !== null) yield* side.table.table.read(kind);
      },
      tableIsKnown: side.table !== null,
      readManualUsers: async function* () {},
      storeDemographics: options.storeDemographics,
      lastUnreadableRows: (side.table?.result.profile ?? NOBODY).unreadableRows,
      newProductId: () => `new-${++added}`,
      write: async (_section, changes) => side.take(changes),
      ...(options.findingLimit === undefined ? {} : { findingLimit: options.findingLimit }),
      onProgress: ({ file, rows }) => progress.tell(`reading ${file}: ${grouped(rows)} rows`),
    });
  } finally {
    progress.end();
    await upload.close();
  }
}

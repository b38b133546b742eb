import { Command } from 'commander';
import { blockedInWords } from '../core/explain/blocked-words.ts';
import { isDryRun } from '../core/sync/choose-delivery.ts';
import { describeGiver } from '../core/sync/giver.ts';
import type { DeliveryState } from '../core/sync/states.ts';
import type { Delivery, Sync } from '../core/sync/sync.ts';
import { blockedDeltas } from '../flows/waiting-deliveries.ts';
import { districtOf, withTarget } from './district-target.ts';
import { CommandError, formatTable, grouped, printJson, printLine } from './output.ts';
import { describePairs } from './pairs-text.ts';
import { type PlanSummary, readPlanSummary } from './plan-summary.ts';
import { describeChanges, describeFindings } from './report-text.ts';
import { describeSchools } from './schools-text.ts';
import { type TargetOptions, targetOptions } from './target.ts';
import { wholeNumber } from './values.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly limit: number;
}

/** `rollcall syncs DISTRICT`: what became of its deliveries, newest first. */
export function syncsCommand(): Command {
  return targetOptions(new Command('syncs'))
    .description("list a district's syncs, newest first")
    .argument('<district>')
    .option('--limit <n>', 'how many', wholeNumber('--limit', 1), 30)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 shown, 2 wrong usage, or no such district.')
    .action(listSyncs);
}

/** `rollcall sync ID`: one sync with its findings. */
export function syncCommand(): Command {
  return targetOptions(new Command('sync'))
    .description('show one sync: what it changed, what each school has, and what was wrong with the delivery')
    .argument('<sync>', 'id of the sync')
    .option('--pairs', 'instead: all users who seem to have a new sourcedId (R12)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 shown, 2 wrong usage, or no such sync.')
    .action(showSync);
}

/** A sync as the command line tells it. */
export const describeSync = (sync: Sync) => ({
  id: sync.syncId,
  districtId: sync.districtId,
  deliveryId: sync.deliveryId,
  state: sync.state,
  createdAt: sync.createdAt,
  endedAt: sync.endedAt,
  changes: sync.changes,
  findingCounts: sync.findingCounts,
  holds: sync.holds,
  origin: sync.origin,
  decision: sync.decision,
  pairs: sync.pairs,
  conflicts: sync.conflicts,
  undo: sync.undo,
  undoneBy: sync.undoneBy,
  editedSince: sync.editedSince,
  failureCode: sync.failureCode,
  recordsWritten: sync.recordsWritten,
});

async function listSyncs(districtId: string, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    const { suspended } = (await districtOf(target, districtId)).settings;
    const syncs = await target.log.list(districtId, options.limit);
    const { syncPaused } = await target.log.state(districtId);
    const without = (await target.ledger.list(districtId, options.limit)).filter(hasNoSync);
    const blocked = await blockedDeltas(target, districtId);
    const blockersOf = (each: Delivery) =>
      blocked.find(({ delivery }) => delivery.deliveryId === each.deliveryId)?.by ?? [];
    if (options.json) {
      const deliveries = without.map((each) => ({ ...describeDelivery(each), blockedBy: blockersOf(each) }));
      printJson({ district: districtId, paused: syncPaused, suspended, syncs: syncs.map(describeSync), deliveries });
      return;
    }
    if (suspended) printLine(`${districtId} is suspended: rollcall district resume ${districtId} ${target.flags}`);
    if (syncPaused) printLine(`Syncs of ${districtId} are paused: rollcall resume ${districtId} ${target.flags}`);
    if (syncs.length === 0) printLine('No syncs yet.');
    else printLine(formatTable(SYNC_HEAD, syncs.map(rowOf)));
    if (without.length > 0) printLine('\nDeliveries without a sync:');
    for (const each of without) {
      const by = blockersOf(each);
      printLine(
        `  ${each.deliveryId}${isDryRun(each) ? ' (test)' : ''}: ${by.length > 0 ? blockedInWords(by) : WITHOUT_SYNC[each.state]}`,
      );
    }
  });
}

/** `planned` is what the plan would change, `written` what became of it. */
const SYNC_HEAD = ['sync', 'state', 'started', 'planned', 'written', 'errors', 'warnings'];

/** Why a delivery has no sync; those that are planned have one. */
const WITHOUT_SYNC: Readonly<Record<DeliveryState, string>> = {
  receiving: 'receiving; not whole yet',
  received: 'received; waits to be planned',
  incomplete: 'incomplete; never became whole, its zip is broken or its upload failed, and it changed nothing',
  superseded: 'superseded; a newer delivery was taken instead',
  planned: 'planned',
};

const hasNoSync = ({ state, syncId }: Delivery): boolean => state !== 'planned' && syncId === null;

/** A delivery as the command line tells it: the names of its files stay out. */
const describeDelivery = (delivery: Delivery) => ({
  id: delivery.deliveryId,
  state: delivery.state,
  openedAt: delivery.openedAt,
  dryRun: isDryRun(delivery),
});

/** Why a sync waits or waited, and what a person decided. */
export function describeDecision({ state, holds, decision, undo, undoneBy, conflicts, failureCode }: Sync): string[] {
  const word = state === 'held' ? 'held' : 'was held';
  const lines = holds.map(({ code, message }) => `${undo === null ? word : 'limit'}: ${message} [${code}]`);
  if (undo !== null) {
    const by = decision === null ? '' : ` by ${describeGiver(decision)} at ${decision.at}`;
    const why = decision?.why == null ? '' : `: ${decision.why}`;
    lines.push(`undoes ${undo.syncId}${by}${why}; records that were left alone: ${conflicts}`);
  } else if (decision !== null) {
    const why = decision.why === null ? '' : `: ${decision.why}`;
    lines.push(`${decision.verdict} (${decision.scope}) by ${describeGiver(decision)} at ${decision.at}${why}`);
  }
  if (undoneBy !== null) lines.push(`taken back by ${undoneBy}`);
  if (failureCode !== null) lines.push(`failed: ${failureCode}; the next plan repairs what it left`);
  return lines;
}

const rowOf = (sync: Sync): (string | number)[] => [
  sync.syncId,
  sync.state,
  sync.createdAt,
  changedRecords(sync),
  sync.recordsWritten,
  sync.findingCounts.error,
  sync.findingCounts.warning,
];

/** Records that a sync adds, updates, deactivates or reactivates. */
export const changedRecords = ({ changes }: Pick<Sync, 'changes'>): number =>
  Object.values(changes).reduce((sum, c) => sum + c.add + c.update + c.deactivate + c.reactivate, 0);

async function showSync(syncId: string, options: Options & { readonly pairs?: true }): Promise<void> {
  await withTarget(options, async (target) => {
    const sync = await target.log.find(syncId);
    if (sync === null) {
      throw new CommandError(
        'unknown-sync',
        `There is no sync ${syncId}.`,
        `See \`rollcall syncs DISTRICT ${target.flags}\`.`,
      );
    }
    const summary = await readPlanSummary(target, sync);
    if (options.pairs && summary === null && sync.pairs > 0) {
      throw new CommandError(
        'plan-expired',
        'Its plan is no longer kept, and its pairs with it.',
        'None can be shown.',
      );
    }
    if (options.json) printJson(shownSync(sync, summary, options.pairs));
    else if (options.pairs) printLine(describePairs(summary?.pairs ?? [], summary?.ambiguous ?? []));
    else printSync(sync, summary, target.flags);
  });
}

function shownSync(sync: Sync, summary: PlanSummary | null, withPairs: true | undefined) {
  const { files, findings, schoolCount, schools, pairs = [], ambiguous = [] } = summary ?? {};
  const shown = { sync: { ...describeSync(sync), files, findings, schoolCount, schools } };
  return withPairs ? { ...shown, pairs, ambiguous } : shown;
}

function printSync(sync: Sync, summary: PlanSummary | null, flags: string): void {
  printLine(`${sync.syncId} of ${sync.districtId}: ${sync.state}, ${grouped(sync.recordsWritten)} records written`);
  for (const line of describeDecision(sync)) printLine(line);
  if (Object.keys(sync.changes).length > 0) printLine(`\n${describeChanges(sync.changes)}`);
  if (summary === null) return;
  const { schoolCount = 0, schools = [] } = summary;
  if (schoolCount > 0) printLine(`\n${describeSchools({ schoolCount, schools })}`);
  printLine(`\n${describeFindings(summary.findings, summary.findingCounts)}`);
  if (sync.pairs > 0) printLine(`all pairs: rollcall sync ${sync.syncId} --pairs ${flags}`);
}

import { Command } from 'commander';
import { FIRST_SYNC_HOLD } from '../core/sync/decide-sync.ts';
import type { Sync } from '../core/sync/sync.ts';
import { districtOf, withTarget } from './district-target.ts';
import { printJson, printLine } from './output.ts';
import { readPlanSummary } from './plan-summary.ts';
import { describeChanges } from './report-text.ts';
import { describeEnds, endsOf, type SchoolEnds } from './schools-text.ts';
import { describeSync } from './sync-commands.ts';
import { type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
}

/** `rollcall holds [DISTRICT]`: plans that wait for a person (R11). */
export const holdsCommand = (): Command =>
  targetOptions(new Command('holds'))
    .description('plans that wait for a person, why, and what they would do')
    .argument('[district]', 'only this district')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 shown, also where plans wait; 2 wrong usage.')
    .action(listHolds);

async function listHolds(districtId: string | undefined, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    if (districtId !== undefined) await districtOf(target, districtId);
    const districts = districtId === undefined ? await districtIds(target) : [districtId];
    const held: Held[] = [];
    const paused: string[] = [];
    for (const id of districts) {
      const state = await target.log.state(id);
      if (state.syncPaused) paused.push(id);
      for (const syncId of state.heldSyncIds) {
        const sync = await target.log.get(id, syncId);
        if (sync?.state === 'held') held.push({ sync, schools: await schoolsOf(target, sync) });
      }
    }
    if (options.json) {
      printJson({ holds: held.map(describeHeld), paused });
      return;
    }
    for (const id of paused) printLine(`Syncs of ${id} are paused: rollcall resume ${id}`);
    if (held.length === 0) printLine('Nothing waits.');
    for (const each of held) describe(each);
  });
}

const districtIds = async ({ districts }: Target): Promise<string[]> =>
  (await districts.list()).map(({ settings }) => settings.districtId);

/** A plan that waits; with the schools that it would make, where it is a district's first (R11). */
interface Held {
  readonly sync: Sync;
  readonly schools: SchoolEnds | null;
}

async function schoolsOf(target: Target, sync: Sync): Promise<SchoolEnds | null> {
  if (!sync.holds.some(({ code }) => code === FIRST_SYNC_HOLD.code)) return null;
  const { schoolCount, schools } = (await readPlanSummary(target, sync)) ?? {};
  return schoolCount === undefined || schools === undefined ? null : endsOf({ schoolCount, schools });
}

const describeHeld = ({ sync, schools }: Held) => ({
  ...describeSync(sync),
  waitingHours: hoursSince(sync.createdAt),
  ...(schools === null ? {} : { schools }),
});

const hoursSince = (at: string): number => Math.round((Date.now() - Date.parse(at)) / 360_000) / 10;

function describe({ sync, schools }: Held): void {
  printLine(`${sync.syncId} of ${sync.districtId}, waiting for ${hoursSince(sync.createdAt)} hours`);
  for (const { message, code } of sync.holds) printLine(`  ${message} [${code}]`);
  printLine(describeChanges(sync.changes));
  if (schools !== null) {
    for (const line of describeEnds(schools)) printLine(`  ${line}`);
    printLine(`  counts of every school: rollcall sync ${sync.syncId}`);
  }
  // Both records of a person would be active: refused where pairs were found.
  const scope = sync.pairs > 0 ? '[--as-rekey]' : '[--all-but-removals]';
  printLine(`  rollcall sync ${sync.syncId} | approve ${sync.syncId} ${scope} | reject ${sync.syncId} --why TEXT\n`);
}

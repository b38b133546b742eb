import { Command } from 'commander';
import { blockedInWords } from '../core/explain/blocked-words.ts';
import type { BlockedDelta } from '../core/sync/blocked-deltas.ts';
import { isTooLateFor } from '../core/sync/choose-delivery.ts';
import { FIRST_SYNC_HOLD } from '../core/sync/decide-sync.ts';
import type { DistrictState, Sync } from '../core/sync/sync.ts';
import { blockedDeltas } from '../flows/waiting-deliveries.ts';
import { districtOf, withTarget } from './district-target.ts';
import { counted, printJson, printLine } from './output.ts';
import { readPlanSummary } from './plan-summary.ts';
import { describeChanges } from './report-text.ts';
import { describeEnds, endsOf, type SchoolEnds } from './schools-text.ts';
import { describeSync } from './sync-commands.ts';
import { type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
}

/** `rollcall holds [DISTRICT]`: plans that wait for a person (R11), and deliveries that wait for what was not taken (R15). */
export const holdsCommand = (): Command =>
  targetOptions(new Command('holds'))
    .description('plans that wait for a person, why, and what they would do; exports that wait for them')
    .argument('[district]', 'only this district')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 shown, also where plans wait; 2 wrong usage.')
    .action(listHolds);

/** A plan that waits, whether it is too late for an approval (R13), and what a district's first would make of its schools (R11). */
export interface HeldPlan {
  readonly sync: Sync;
  readonly isTooLate: boolean;
  readonly schools: SchoolEnds | null;
}

async function listHolds(districtId: string | undefined, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    if (districtId !== undefined) await districtOf(target, districtId);
    const districts = districtId === undefined ? await districtIds(target) : [districtId];
    const held: HeldPlan[] = [];
    const blocked: BlockedDelta[] = [];
    const paused: string[] = [];
    for (const id of districts) {
      const state = await target.log.state(id);
      if (state.syncPaused) paused.push(id);
      held.push(...(await heldPlans(target, id, state)));
      blocked.push(...(await blockedDeltas(target, id)));
    }
    if (options.json) {
      printJson({ holds: held.map(describeHeld), paused, blocked: blocked.map(describeBlocked) });
      return;
    }
    for (const id of paused) printLine(`Syncs of ${id} are paused: rollcall resume ${id} ${target.flags}`);
    if (held.length + blocked.length === 0) printLine('Nothing waits.');
    for (const plan of held) for (const line of describeHold(plan, target.flags, new Date())) printLine(line);
    for (const { delivery, by } of blocked) {
      printLine(`${delivery.deliveryId} of ${delivery.districtId} ${blockedInWords(by)}`);
    }
  });
}

async function heldPlans(target: Target, districtId: string, state: DistrictState): Promise<readonly HeldPlan[]> {
  const plans: HeldPlan[] = [];
  for (const syncId of state.heldSyncIds) {
    const sync = await target.log.get(districtId, syncId);
    if (sync?.state !== 'held') continue;
    const delivery = await target.ledger.get(districtId, sync.deliveryId);
    const isTooLate = delivery !== null && isTooLateFor(sync, delivery, state);
    plans.push({ sync, isTooLate, schools: await schoolsOf(target, sync) });
  }
  return plans;
}

const districtIds = async ({ districts }: Target): Promise<string[]> =>
  (await districts.list()).map(({ settings }) => settings.districtId);

async function schoolsOf(target: Target, sync: Sync): Promise<SchoolEnds | null> {
  if (!sync.holds.some(({ code }) => code === FIRST_SYNC_HOLD.code)) return null;
  const { schoolCount, schools } = (await readPlanSummary(target, sync)) ?? {};
  return schoolCount === undefined || schools === undefined ? null : endsOf({ schoolCount, schools });
}

const describeHeld = ({ sync, isTooLate, schools }: HeldPlan) => ({
  ...describeSync(sync),
  waitingHours: hoursSince(sync.createdAt),
  canBeApproved: !isTooLate,
  ...(schools === null ? {} : { schools }),
});

const describeBlocked = ({ delivery: { districtId, deliveryId }, by }: BlockedDelta) => ({
  districtId,
  deliveryId,
  blockedBy: by,
});

const hoursSince = (at: string): number => Math.round((Date.now() - Date.parse(at)) / 360_000) / 10;

/** A plan that waits, for people. Each command stands on a line of its own, to be pasted as it is. */
export function describeHold({ sync, isTooLate, schools }: HeldPlan, flags: string, now: Date): string[] {
  const lines = [`${sync.syncId} of ${sync.districtId}, waiting for ${waitInWords(sync.createdAt, now)}`];
  for (const { message, code } of sync.holds) lines.push(`  ${message} [${code}]`);
  lines.push(describeChanges(sync.changes));
  if (schools !== null) {
    for (const line of describeEnds(schools)) lines.push(`  ${line}`);
    lines.push('  counts of every school: the first command below');
  }
  if (isTooLate) {
    lines.push('  It cannot be approved any more: the roster has changed since. Reject it, or send a full export.');
  }
  // Both records of a person would be active: refused where pairs were found.
  const scope = sync.pairs > 0 ? '--as-rekey' : '--all-but-removals';
  const approve = `approve ${sync.syncId} ${flags}`;
  const commands = [
    `sync ${sync.syncId} ${flags}`,
    ...(isTooLate ? [] : [approve, `${approve} ${scope}`]),
    `reject ${sync.syncId} --why "TEXT" ${flags}`,
  ];
  return [...lines, ...commands.map((command) => `  rollcall ${command}`), ''];
}

function waitInWords(since: string, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 60_000));
  return minutes < 60 ? counted(minutes, 'minute') : counted(Math.round(minutes / 6) / 10, 'hour');
}

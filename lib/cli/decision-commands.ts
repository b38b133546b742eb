import { Command } from 'commander';
import type { Command as RosterCommand } from '../core/sync/command.ts';
import type { ApplyScope } from '../core/sync/sync.ts';
import { tellOutcome } from './command-outcome.ts';
import { districtOf, withTarget } from './district-target.ts';
import { CommandError } from './output.ts';
import { sendCommand } from './send-command.ts';
import { type Target, type TargetOptions, targetOptions } from './target.ts';
import { wholeNumber } from './values.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly wait: number;
}

const HELP = `
Its id is said on stderr as soon as it is sent: \`rollcall command ID DISTRICT\` tells later what became of it.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage or no answer in time.`;

const each = (name: string, description: string): Command =>
  targetOptions(new Command(name).description(description))
    .option('--wait <seconds>', 'how long to wait for the outcome', wholeNumber('--wait', 1, 86_400), 600)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', HELP);

interface ApproveOptions extends Options {
  readonly allButRemovals?: true;
  readonly asRekey?: true;
  readonly why?: string;
  readonly newerSeen?: string;
}

/** `rollcall approve ID`: apply a held plan as it was shown (R13). */
export const approveCommand = (): Command =>
  each('approve', 'apply a held plan exactly as it was shown')
    .argument('<sync>', 'id of the held sync (rollcall holds)')
    .option('--all-but-removals', 'apply it without deactivating anything')
    .option('--as-rekey', 'move the work of users with a new sourcedId to their new records (R12)')
    .option('--why <text>', 'why, for the record')
    .option('--newer-seen <delivery>', 'you have seen that this newer delivery was not taken')
    .action((syncId: string, options: ApproveOptions) => {
      const command = { name: 'approve', syncId, scope: scopeOf(options), why: options.why ?? null } as const;
      return forSync(syncId, { ...command, newerSeen: options.newerSeen ?? null }, options);
    });

function scopeOf({ allButRemovals, asRekey }: ApproveOptions): ApplyScope {
  if (allButRemovals && asRekey) {
    throw new CommandError('bad-options', '--all-but-removals and --as-rekey exclude each other.', 'Give one of them.');
  }
  if (asRekey) return 'as-rekey';
  return allButRemovals ? 'all-but-removals' : 'as-shown';
}

/** `rollcall reject ID --why TEXT`: never apply a held plan (R11). */
export const rejectCommand = (): Command =>
  each('reject', 'drop a held plan; nothing of it is applied')
    .argument('<sync>', 'id of the held sync (rollcall holds)')
    .requiredOption('--why <text>', 'why, for the record')
    .action((syncId: string, options: Options & { readonly why: string }) => {
      if (options.why.trim() === '') {
        throw new CommandError('bad-options', 'A rejection needs a reason.', 'Say why with --why TEXT.');
      }
      return forSync(syncId, { name: 'reject', syncId, why: options.why }, options);
    });

interface UndoOptions extends Options {
  readonly onlySchool?: string;
  readonly user?: string;
  readonly force?: true;
  readonly dryRun?: true;
  readonly why?: string;
}

/** `rollcall undo SYNC`: take an applied sync back (R14). */
export const undoCommand = (): Command =>
  each('undo', "take an applied sync back, values included, and pause the district's syncs")
    .argument('<sync>', 'id of the applied sync (rollcall syncs DISTRICT)')
    .option('--only-school <sourcedId>', 'only the records of this school')
    .option('--user <sourcedId>', 'only this user, with enrollments and demographics')
    .option('--force', 'set records back that changed since, too')
    .option('--dry-run', 'say what it would do, and change nothing')
    .option('--why <text>', 'why, for the record')
    .action((syncId: string, options: UndoOptions) => {
      const { onlySchool = null, user = null, force = false, dryRun = false, why = null } = options;
      return forSync(syncId, { name: 'undo', dryRun, undo: { syncId, onlySchool, user, force }, why }, options);
    });

interface RekeyOptions extends Options {
  readonly force?: true;
  readonly dryRun?: true;
  readonly why?: string;
}

/** `rollcall rekey DISTRICT OLD NEW`: the work of one user moves to a new sourcedId (R12). */
export const rekeyCommand = (): Command =>
  each('rekey', 'move the work of a user to the record of their new sourcedId')
    .argument('<district>')
    .argument('<old>', 'sourcedId that the user had; inactive now')
    .argument('<new>', 'sourcedId that the user has')
    .option('--force', 'although nothing of both records agrees')
    .option('--dry-run', 'say whether it could be done, and change nothing')
    .option('--why <text>', 'why, for the record')
    .action((districtId: string, from: string, to: string, options: RekeyOptions) => {
      const { force = false, dryRun = false, why = null } = options;
      return forDistrict(districtId, { name: 'rekey', from, to, force, dryRun, why }, options);
    });

/** `rollcall pause DISTRICT` (R14). */
export const pauseCommand = (): Command =>
  each('pause', 'receive and plan exports of a district, but apply nothing')
    .argument('<district>')
    .action((districtId: string, options: Options) => forDistrict(districtId, { name: 'pause' }, options));

/** `rollcall resume DISTRICT` (R14). */
export const resumeCommand = (): Command =>
  each('resume', 'let the syncs of a paused district go on')
    .argument('<district>')
    .addHelpText('after', '\nA district that was suspended goes on with `rollcall district resume`.')
    .action((districtId: string, options: Options) => forDistrict(districtId, { name: 'resume' }, options));

async function forSync(syncId: string, command: RosterCommand, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    const sync = await target.log.find(syncId);
    if (sync === null) {
      throw new CommandError(
        'unknown-sync',
        `There is no sync ${syncId}.`,
        `See \`rollcall syncs DISTRICT ${target.flags}\`.`,
      );
    }
    await carryOut(target, sync.districtId, command, options);
  });
}

async function forDistrict(districtId: string, command: RosterCommand, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    await districtOf(target, districtId);
    await carryOut(target, districtId, command, options);
  });
}

async function carryOut(target: Target, districtId: string, command: RosterCommand, options: Options): Promise<void> {
  await tellOutcome(target, await sendCommand(target, districtId, command, options.wait), options);
}

import { Command } from 'commander';
import { tellOutcome } from './command-outcome.ts';
import { withTarget } from './district-target.ts';
import { CommandError } from './output.ts';
import { pollOutcome } from './send-command.ts';
import { type TargetOptions, targetOptions } from './target.ts';
import { wholeNumber } from './values.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly wait: number;
}

const HELP = `
Results are kept for 30 days. A command that still waits for its district, or was never given, has none.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage or no outcome yet.`;

/** `rollcall command ID DISTRICT`: what became of an approve, reject, undo, … that nobody waited for. */
export const commandCommand = (): Command =>
  targetOptions(
    new Command('command').description('say what became of an approve, reject, undo, rekey, pause or resume'),
  )
    .argument('<command>', 'id of the command, as it was said when it was sent')
    .argument('<district>')
    .option('--wait <seconds>', 'how long to wait for the outcome', wholeNumber('--wait', 0, 86_400), 0)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', HELP)
    .action((commandId: string, districtId: string, options: Options) =>
      withTarget(options, async (target) => {
        const result = await pollOutcome(target, districtId, commandId, options.wait);
        if (result !== null) return tellOutcome(target, result, options);
        const message = `There is no outcome of ${commandId} in ${districtId}: it is on its way, or nobody gave it.`;
        const hint = `Wait for it with --wait SECONDS, or see \`rollcall syncs ${districtId} ${target.flags}\`.`;
        throw new CommandError('no-outcome', message, hint, { commandId });
      }),
    );

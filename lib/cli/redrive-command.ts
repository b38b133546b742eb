import { Command } from 'commander';
import { isDenied } from './aws-errors.ts';
import { withTarget } from './district-target.ts';
import { CommandError, counted, printJson, printLine } from './output.ts';
import { type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly dryRun?: true;
}

/** `rollcall redrive`: messages that no try could handle go back to their queues, after their cause is mended. */
export const redriveCommand = (): Command =>
  targetOptions(new Command('redrive'))
    .description('send the messages of the dead-letter queues back; doing a thing twice does no harm')
    .option('--dry-run', 'only count them')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 sent back or counted, 2 wrong usage, or you may look at none of the queues.')
    .action(redrive);

async function redrive(options: Options): Promise<void> {
  await withTarget(options, async ({ deadLetters, deadLetterQueues, running }) => {
    if (!running) {
      throw new CommandError('not-running', 'The local stack is not running.', 'Start it with `rollcall local`.');
    }
    const moved: Record<string, number> = {};
    const denied: string[] = [];
    for (const queue of deadLetterQueues) {
      try {
        const count = await deadLetters.count(queue);
        moved[queue.name] = count;
        if (count > 0 && !options.dryRun) await deadLetters.redrive(queue);
      } catch (thrown) {
        if (!isDenied(thrown)) throw thrown;
        denied.push(queue.name);
      }
    }
    if (denied.length === deadLetterQueues.length) {
      throw new CommandError('denied', 'You may look at none of the queues.', 'Take the role rollcall-NAME-operator.');
    }
    if (options.json) printJson({ redriven: !options.dryRun, messages: moved, denied });
    else {
      for (const name of denied)
        printLine(`${name}: not for your role (purges: rollcall-NAME-admin, others: -operator)`);
      const word = options.dryRun ? 'waits' : 'sent back';
      for (const [name, count] of Object.entries(moved)) printLine(`${name}: ${counted(count, 'message')} ${word}`);
    }
  });
}

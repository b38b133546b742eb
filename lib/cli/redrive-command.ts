import { Command } from 'commander';
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
    .action(redrive);

async function redrive(options: Options): Promise<void> {
  await withTarget(options, async ({ deadLetters, deadLetterQueues, running }) => {
    if (!running) {
      throw new CommandError('not-running', 'The local stack is not running.', 'Start it with `rollcall local`.');
    }
    const moved: Record<string, number> = {};
    for (const queue of deadLetterQueues) {
      moved[queue.name] = await deadLetters.count(queue);
      if (moved[queue.name]! > 0 && !options.dryRun) await deadLetters.redrive(queue);
    }
    if (options.json) printJson({ redriven: !options.dryRun, messages: moved });
    else {
      const word = options.dryRun ? 'waits' : 'sent back';
      for (const [name, count] of Object.entries(moved)) printLine(`${name}: ${counted(count, 'message')} ${word}`);
    }
  });
}

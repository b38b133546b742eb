import type { Command } from 'commander';
import { buildProgram } from '../../lib/cli/program.ts';

/**
 * Run by docs-commands.test.ts, as jest cannot load what the command line loads by name. Reads a JSON list of command lines
 * (each a list of words) from stdin, and says of each what commander has against it; null: it can be typed.
 */
async function main(): Promise<void> {
  let input = '';
  for await (const piece of process.stdin) input += String(piece);
  const answers: (string | null)[] = [];
  for (const words of JSON.parse(input) as readonly (readonly string[])[]) answers.push(await complaintOf(words));
  process.stdout.write(JSON.stringify(answers));
}

async function complaintOf(words: readonly string[]): Promise<string | null> {
  const program = await buildProgram(undefined);
  idle(program);
  try {
    await program.parseAsync(['node', 'rollcall', ...words]);
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

/** Each command does nothing, and says its mistakes by throwing. */
function idle(command: Command): void {
  command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  for (const sub of command.commands) idle(sub);
}

await main();

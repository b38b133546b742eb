import { Command, CommanderError } from 'commander';
import { checkCommand } from './check-command.ts';
import { districtCommand } from './district-command.ts';
import { generateCommand } from './generate-command.ts';
import { localCommand } from './local-command.ts';
import { CommandError, printJson } from './output.ts';
import { planCommand } from './plan-command.ts';
import { rosterCommand } from './roster-command.ts';
import { syncCommand, syncsCommand } from './sync-commands.ts';

/** The whole command line. Commands load what they need when they run. */
export function buildProgram(): Command {
  const program = new Command('rollcall')
    .description("gets a school district's roster into a learning product")
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  for (const command of [
    checkCommand(),
    planCommand(),
    generateCommand(),
    localCommand(),
    districtCommand(),
    rosterCommand(),
    syncsCommand(),
    syncCommand(),
  ])
    program.addCommand(command);
  inherit(program);
  return program;
}

/** Subcommands made on their own do not inherit how errors end. */
function inherit(command: Command): void {
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command);
    inherit(sub);
  }
}

/** Runs one command; sets the exit code: 0 fine, 1 rejected, incomplete or held, 2 usage or I/O. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  const program = buildProgram();
  if (json) silence(program);
  try {
    await program.parseAsync(argv);
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return;
    process.exitCode = 2;
    report(thrown, json);
  }
}

/** With --json, what commander would write to stderr is said as JSON on stdout instead. */
function silence(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  for (const sub of command.commands) silence(sub);
}

function report(thrown: unknown, json: boolean): void {
  const { code, message, hint } = describe(thrown);
  if (json) printJson({ error: { code, message, hint } });
  else if (!(thrown instanceof CommanderError))
    process.stderr.write(`rollcall: ${message}\n${hint === '' ? '' : `${hint}\n`}`);
}

function describe(thrown: unknown): { code: string; message: string; hint: string } {
  if (thrown instanceof CommanderError) {
    const message = thrown.message.replace(/^error: /, '');
    return { code: 'usage', message, hint: 'Add --help for the options.' };
  }
  if (thrown instanceof CommandError) return thrown;
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') {
    const hint = 'hint' in thrown && typeof thrown.hint === 'string' ? thrown.hint : '';
    return { code: thrown.code, message: thrown.message, hint };
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: 'defect', message, hint: 'This is a fault of Rollcall; please report it.' };
}

import { Command, CommanderError } from 'commander';
import { CommandError, printJson } from './output.ts';

/** Each command with the module that holds it: only what was typed is loaded, so that `check` starts without AWS. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check-command.ts')).checkCommand(),
  plan: async () => (await import('./plan-command.ts')).planCommand(),
  generate: async () => (await import('./generate-command.ts')).generateCommand(),
  local: async () => (await import('./local-command.ts')).localCommand(),
  district: async () => (await import('./district-command.ts')).districtCommand(),
  'host-keys': async () => (await import('./host-keys-command.ts')).hostKeysCommand(),
  roster: async () => (await import('./roster-command.ts')).rosterCommand(),
  syncs: async () => (await import('./sync-commands.ts')).syncsCommand(),
  holds: async () => (await import('./holds-command.ts')).holdsCommand(),
  approve: async () => (await import('./decision-commands.ts')).approveCommand(),
  reject: async () => (await import('./decision-commands.ts')).rejectCommand(),
  undo: async () => (await import('./decision-commands.ts')).undoCommand(),
  rekey: async () => (await import('./decision-commands.ts')).rekeyCommand(),
  pause: async () => (await import('./decision-commands.ts')).pauseCommand(),
  resume: async () => (await import('./decision-commands.ts')).resumeCommand(),
  command: async () => (await import('./command-command.ts')).commandCommand(),
  mails: async () => (await import('./mails-command.ts')).mailsCommand(),
  redrive: async () => (await import('./redrive-command.ts')).redriveCommand(),
  sync: async () => (await import('./sync-commands.ts')).syncCommand(),
  why: async () => (await import('./why-command.ts')).whyCommand(),
  'sso-preflight': async () => (await import('./sso-preflight-command.ts')).ssoPreflightCommand(),
  'sso-secret': async () => (await import('./sso-secret-command.ts')).ssoSecretCommand(),
  'sso-keys': async () => (await import('./sso-keys-command.ts')).ssoKeysCommand(),
};

const ASKS_FOR_VERSION: readonly (string | undefined)[] = ['-V', '--version'];

/** The command line with the command that was typed, or with all of them for `--help` and mistakes. */
export async function buildProgram(typed: string | undefined, version = ''): Promise<Command> {
  const program = new Command('rollcall')
    .description("gets a school district's roster into a learning product")
    .version(version, '-V, --version', 'print the version and end')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  const known = typed !== undefined && Object.hasOwn(COMMANDS, typed) ? [typed] : Object.keys(COMMANDS);
  const names = ASKS_FOR_VERSION.includes(typed) ? [] : known;
  for (const name of names) program.addCommand(await COMMANDS[name]!());
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
export async function runCommandLine(argv: readonly string[], version: string): Promise<void> {
  const json = argv.includes('--json');
  const program = await buildProgram(argv[2], version);
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
  const { code, message, hint, facts } = describe(thrown);
  if (json) printJson({ error: { code, message, hint, ...facts } });
  else if (!(thrown instanceof CommanderError))
    process.stderr.write(`rollcall: ${message}\n${hint === '' ? '' : `${hint}\n`}`);
}

function describe(thrown: unknown): Pick<CommandError, 'code' | 'message' | 'hint'> & Partial<CommandError> {
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

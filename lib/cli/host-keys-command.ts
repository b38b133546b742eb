import { Command } from 'commander';
import { newHostKeySecret, readHostKeySecret, type SecretHostKey } from '../adapters/transfer/host-key-secret.ts';
import { winScpFingerprint } from '../core/district/host-keys.ts';
import { type HostKeysOutcome, keepHostKeys } from '../flows/keep-host-keys.ts';
import { inWords } from './aws-errors.ts';
import { CommandError, counted, formatTable, printJson, printLine } from './output.ts';
import { findStage, type Stage } from './stage.ts';

interface Options {
  readonly stage: string;
  readonly yes?: true;
  readonly make?: true;
  readonly json?: true;
}

/** `rollcall host-keys --stage NAME`: the SFTP server of a stage shows the host keys of the secret and no others. */
export const hostKeysCommand = (): Command =>
  new Command('host-keys')
    .description(
      'give the SFTP server of a stage the host keys of the secret, and no others; says first what it would do',
    )
    .requiredOption('--stage <name>', 'a deployed stage, with the rights of your AWS credentials')
    .option('--yes', 'do it: import what is missing, delete what is not ours')
    .option('--make', 'with --yes: make new keys first, if the secret has none')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExit codes: 0 the server shows the keys of the secret, 1 it does not (yet), 2 wrong usage.\nDistricts pin these keys: after day 0 they are only ever added with notice (docs/operations.md).',
    )
    .action(hostKeys);

async function hostKeys(options: Options): Promise<void> {
  const stage = await findStage(options.stage);
  try {
    const keys = await keysOf(stage, options);
    const outcome = await keepHostKeys(stage.server, keys, { dryRun: !options.yes });
    if (!outcome.equal) process.exitCode = 1;
    if (options.json) printJson(describe(keys, outcome, options));
    else print(keys, outcome, options);
  } catch (thrown) {
    throw inWords(thrown);
  } finally {
    stage.close();
  }
}

async function keysOf({ hostKeysSecret }: Stage, { yes, make }: Options): Promise<readonly SecretHostKey[]> {
  const keys = readHostKeySecret(await hostKeysSecret.read());
  if (keys !== null) return keys;
  if (!make || !yes) {
    const hint = 'Day 0: `rollcall host-keys --stage NAME --make --yes` makes them. Otherwise restore the secret.';
    throw new CommandError('no-host-keys', 'The secret holds no host keys.', hint);
  }
  // Of two who make keys at once, one's would be lost after they were imported and pinned.
  await hostKeysSecret.change((text) => ({
    text: readHostKeySecret(text) === null ? newHostKeySecret() : null,
    outcome: undefined,
  }));
  // What is imported is what the secret says now, not what was meant to be in it.
  const made = readHostKeySecret(await hostKeysSecret.read());
  if (made !== null) return made;
  throw new CommandError('no-host-keys', 'The secret did not take the new keys.', 'Look at it, and run this again.');
}

const describe = (keys: readonly SecretHostKey[], { changes, equal }: HostKeysOutcome, { yes }: Options) => ({
  equal,
  done: yes === true,
  imports: changes.imports.map(({ type, fingerprint }) => ({ type, fingerprint })),
  deletes: changes.deletes,
  keys: keys.map((key) => ({
    type: key.type,
    bits: key.bits,
    fingerprint: key.fingerprint,
    winScp: winScpFingerprint(key),
  })),
});

function print(keys: readonly SecretHostKey[], { changes, equal }: HostKeysOutcome, { yes, stage }: Options): void {
  const [imported, deleted] = yes ? ['imported', 'deleted'] : ['to import', 'to delete'];
  for (const { type, fingerprint } of changes.imports) printLine(`${imported}: ${type} ${fingerprint}`);
  for (const { id, type, fingerprint } of changes.deletes) printLine(`${deleted}: ${type} ${fingerprint} (${id})`);
  if (equal) printLine('The server shows the keys of the secret and no others:');
  else if (yes) printLine('THE SERVER STILL SHOWS OTHER KEYS than the secret. Run this again; the secret has:');
  else {
    const todo = counted(changes.imports.length + changes.deletes.length, 'change');
    printLine(`Nothing was done. ${todo}: rollcall host-keys --stage ${stage} --yes. The secret has:`);
  }
  const rows = keys.map((key) => [key.type, key.fingerprint, winScpFingerprint(key)]);
  printLine(formatTable(['type', 'OpenSSH', 'WinSCP'], rows));
}

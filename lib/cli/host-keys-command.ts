import { Command } from 'commander';
import {
  HOST_KEY_TYPES,
  newHostKeySecret,
  readHostKeySecret,
  type SecretHostKey,
} from '../adapters/transfer/host-key-secret.ts';
import { winScpFingerprint } from '../core/district/host-keys.ts';
import { type HostKeysOutcome, keepHostKeys } from '../flows/keep-host-keys.ts';
import { inWords } from './aws-errors.ts';
import { CommandError, counted, formatTable, printJson, printLine } from './output.ts';
import { findStage, type Stage } from './stage.ts';
import { demandStage, type StageOptions, stageOptions } from './stage-options.ts';

interface Options extends StageOptions {
  readonly yes?: true;
  readonly make?: true;
  readonly json?: true;
}

/** `rollcall host-keys --stage NAME`: the SFTP server of a stage shows the host keys of the secret and no others. */
export const hostKeysCommand = (): Command =>
  stageOptions(
    new Command('host-keys').description(
      'give the SFTP server of a stage the host keys of the secret, and no others; says first what it would do',
    ),
  )
    .option('--yes', 'do it: import what is missing, delete what is not ours')
    .option('--make', 'make new keys first, if the secret has none; without --yes it says what that would do')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExit codes: 0 the server shows the keys of the secret, 1 it does not (yet), 2 wrong usage.\nDistricts pin these keys: after day 0 they are only ever added with notice (docs/operations.md).',
    )
    .action(hostKeys);

async function hostKeys(options: Options): Promise<void> {
  const stageName = demandStage(options, 'The local stack makes and keeps its own host keys, in its data folder.');
  const stage = await findStage(stageName);
  try {
    const keys = await keysOf(stage, options);
    if (keys === null) return await sayWhatMakingDoes(stage, stageName, options);
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

/** Null: there are none yet, and what making them would do is to be said. */
async function keysOf({ hostKeysSecret }: Stage, { yes, make }: Options): Promise<readonly SecretHostKey[] | null> {
  const keys = readHostKeySecret(await hostKeysSecret.read());
  if (keys !== null) return keys;
  if (make && !yes) return null;
  if (!make) {
    const hint = 'Day 0: --make says what would be done, --make --yes does it. Otherwise restore the secret.';
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

/** Day 0, before anything is done. */
async function sayWhatMakingDoes({ server }: Stage, stage: string, { json }: Options): Promise<void> {
  process.exitCode = 1;
  const { changes } = await keepHostKeys(server, [], { dryRun: true });
  if (json) return printJson({ equal: false, done: false, makes: HOST_KEY_TYPES, ...changes, keys: [] });
  for (const type of HOST_KEY_TYPES) printLine(`to make and to import: ${type}`);
  for (const { id, type, fingerprint } of changes.deletes) printLine(`to delete: ${type} ${fingerprint} (${id})`);
  printLine(`Nothing was done, the secret holds no keys yet: rollcall host-keys --stage ${stage} --make --yes`);
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

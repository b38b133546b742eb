import { join } from 'node:path';
import { Command } from 'commander';
import { createFileSecrets, rotateSecretFile } from '../adapters/secrets/file-secrets.ts';
import { rotateStageSecret } from '../adapters/secrets/stage-secret.ts';
import { readSignOnSecret } from '../core/sso/sign-on-secret.ts';
import { ageOfKeys, type KeyAge, type RotationOutcome, type SigningKeys } from '../core/sso/signing-keys.ts';
import { LOCAL } from '../local/names.ts';
import { inWords } from './aws-errors.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import { findStage } from './stage.ts';
import { dataDirOf, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
}

/** `rollcall sso-keys show|rotate`: the keys that sign our tokens. Shows ids and ages, never a key. */
export function ssoKeysCommand(): Command {
  const command = new Command('sso-keys').description('show or rotate the keys that sign tokens');
  const each = (name: string, description: string) =>
    targetOptions(new Command(name).description(description)).option('--json', 'one JSON object on stdout');
  command.addCommand(
    each('show', 'which keys there are, how old, and which one signs')
      .addHelpText('after', '\nExit codes: 0 shown, 2 wrong usage, or there are none.')
      .action(show),
  );
  command.addCommand(
    each('rotate', 'one step: the next key signs, a new next one is shown')
      .addHelpText(
        'after',
        '\nExit codes: 0 done, 1 too early: the next key was not shown for 24 hours, 2 wrong usage.',
      )
      .action(rotate),
  );
  return command;
}

/** Where the keys of an installation are: a file of this machine, or the stage's secret. */
interface KeptKeys {
  read(): Promise<SigningKeys>;
  rotate(now: Date): Promise<RotationOutcome>;
  close(): void;
}

async function keysOf(options: Options): Promise<KeptKeys> {
  if (options.stage === undefined) {
    const path = join(dataDirOf(options), LOCAL.signOnSecretFile);
    return {
      read: async () => (await whereThereIsOne(path, createFileSecrets(path).read())).signingKeys,
      rotate: (now) => whereThereIsOne(path, rotateSecretFile(path, now)),
      close: () => {},
    };
  }
  const { signOnSecret, close } = await findStage(options.stage);
  return {
    read: async () => readSignOnSecret(await signOnSecret.read()).signingKeys,
    rotate: (now) => rotateStageSecret(signOnSecret, now),
    close,
  };
}

async function withKeys<T>(options: Options, work: (keys: KeptKeys) => Promise<T>): Promise<T> {
  const keys = await keysOf(options);
  return work(keys)
    .catch((thrown) => {
      throw inWords(thrown);
    })
    .finally(() => keys.close());
}

async function show(options: Options): Promise<void> {
  const keys = ageOfKeys(await withKeys(options, (kept) => kept.read()), new Date());
  if (options.json) printJson({ keys });
  else printKeys(keys);
}

async function rotate(options: Options): Promise<void> {
  const now = new Date();
  const outcome = await withKeys(options, (kept) => kept.rotate(now));
  if (outcome.done === 'too-early') {
    process.exitCode = 1;
    if (options.json) printJson({ rotated: false, notBefore: outcome.notBefore });
    else printLine(`Too early: verifiers may not know the next key yet. Not before ${outcome.notBefore}.`);
    return;
  }
  const keys = ageOfKeys(outcome.keys, now);
  if (options.json) printJson({ rotated: true, done: outcome.done, keys });
  else printKeys(keys);
}

async function whereThereIsOne<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'ENOENT') throw thrown;
    const hint = 'Give its folder with --data, or start it once with `rollcall local`.';
    throw new CommandError('secret-not-found', `There is no secret of the sign-on at ${path}.`, hint);
  }
}

function printKeys(keys: readonly KeyAge[]): void {
  const rows = keys.map(({ role, kid, publishedAt, ageHours }) => [role, kid, publishedAt, ageHours]);
  printLine(formatTable(['role', 'key', 'shown since', 'hours'], rows));
}

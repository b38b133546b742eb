import { join } from 'node:path';
import { Command } from 'commander';
import { createFileSecrets, rotateSecretFile } from '../adapters/secrets/file-secrets.ts';
import { ageOfKeys, type KeyAge } from '../core/sso/signing-keys.ts';
import { LOCAL } from '../local/names.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import { dataDirOf, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
}

/** `rollcall sso-keys show|rotate`: the keys that sign our tokens. Shows ids and ages, never a key. */
export function ssoKeysCommand(): Command {
  const command = new Command('sso-keys').description('show or rotate the keys that sign tokens');
  const each = (name: string, description: string) =>
    targetOptions(new Command(name).description(description)).option('--json', 'one JSON object on stdout');
  command.addCommand(each('show', 'which keys there are, how old, and which one signs').action(show));
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

async function show(options: Options): Promise<void> {
  const path = secretFileOf(options);
  const { signingKeys } = await whereThereIsOne(path, createFileSecrets(path).read());
  const keys = ageOfKeys(signingKeys, new Date());
  if (options.json) printJson({ keys });
  else printKeys(keys);
}

async function rotate(options: Options): Promise<void> {
  const path = secretFileOf(options);
  const now = new Date();
  const outcome = await whereThereIsOne(path, rotateSecretFile(path, now));
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

const secretFileOf = (options: Options): string => join(dataDirOf(options), LOCAL.signOnSecretFile);

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

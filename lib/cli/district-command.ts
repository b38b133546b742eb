import { Command } from 'commander';
import { scryptPasswords } from '../adapters/passwords/scrypt.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import type { Districts } from '../ports/districts.ts';
import { TenantTaken } from '../ports/sso/sign-on-store.ts';
import { checkSettings, diffSettings, readAssignments } from './district-settings.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import { openTarget, type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly name?: string;
  readonly firstSync?: string;
  readonly set?: readonly string[];
}

/** `rollcall district add|show|set|list`. */
export function districtCommand(): Command {
  const command = new Command('district').description('add districts and read or change their settings');
  const each = (name: string, description: string) =>
    targetOptions(new Command(name).description(description)).option('--json', 'one JSON object on stdout');
  command.addCommand(
    each('add', 'add a district, with an SFTP login whose password is shown once')
      .argument('<district>', 'its id: lower-case letters, digits, hyphens; also its SFTP user name')
      .requiredOption('--name <name>', 'its name, for people')
      .option('--first-sync <what>', 'hold (a person looks first) or apply')
      .option('--set <key=value...>', 'further settings')
      .action(add),
  );
  command.addCommand(each('show', 'show the settings of a district').argument('<district>').action(show));
  command.addCommand(
    each('set', 'change settings of a district: rollcall district set maple quietSeconds=60')
      .argument('<district>')
      .argument('<key=value...>')
      .action(set),
  );
  command.addCommand(each('list', 'list the districts').action(list));
  return command;
}

async function add(districtId: string, options: Options): Promise<void> {
  const settings = checkSettings({
    districtId,
    name: options.name,
    ...(options.firstSync === undefined ? {} : { firstSync: options.firstSync }),
    ...readAssignments(options.set ?? []),
  });
  await withTarget(
    options,
    async ({ districts, accounts }) => {
      // A district without a login is one whose `add` was interrupted: it goes on where it was.
      const complete = (await accounts.find(districtId)) !== null;
      if (complete || (await saveSettings(districts, settings, 0)) === 'conflict') {
        throw new CommandError('district-exists', `There is a district ${districtId} already.`, 'Use `district set`.');
      }
      const password = scryptPasswords.make();
      const passwordHash = await scryptPasswords.hash(password);
      const account = { districtId, username: districtId, publicKeys: [], allowedCidrs: [], suspended: false };
      await accounts.save({ ...account, passwordHash });
      const sftp = { username: districtId, password };
      if (options.json) printJson({ district: settings, sftp });
      else {
        printLine(`District ${districtId} added.`);
        printLine(`SFTP user ${sftp.username}, password ${sftp.password} (shown only now).`);
      }
    },
    true,
  );
}

async function show(districtId: string, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    const { settings, version } = await districtOf(target, districtId);
    if (options.json) printJson(settings);
    else {
      for (const [key, value] of Object.entries(settings)) printLine(`${key} = ${JSON.stringify(value)}`);
      printLine(`(version ${version})`);
    }
  });
}

async function set(districtId: string, pairs: readonly string[], options: Options): Promise<void> {
  const values = readAssignments(pairs);
  await withTarget(options, async (target) => {
    const { settings, version } = await districtOf(target, districtId);
    const changed = checkSettings({ ...settings, ...values });
    const lines = diffSettings(settings, changed);
    if (lines.length > 0 && (await saveSettings(target.districts, changed, version)) === 'conflict') {
      throw new CommandError('settings-changed', 'Someone else changed these settings meanwhile.', 'Run it again.');
    }
    if (options.json) printJson(changed);
    else printLine(lines.length > 0 ? lines.join('\n') : 'Nothing changes.');
  });
}

/** Saves settings; one ClassLink tenant is one district (R20). */
async function saveSettings(districts: Districts, settings: DistrictSettings, version: number) {
  try {
    return await districts.save(settings, version);
  } catch (thrown) {
    if (!(thrown instanceof TenantTaken)) throw thrown;
    const message = `ClassLink tenant ${settings.classLinkTenantId} is another district's. Nothing was changed.`;
    const hint = 'See `rollcall district list --local`; set classLinkTenantId=null there first if it moves.';
    throw new CommandError('tenant-taken', message, hint);
  }
}

async function list(options: Options): Promise<void> {
  await withTarget(options, async ({ districts }) => {
    const all = (await districts.list()).map(({ settings }) => settings);
    if (options.json) printJson({ districts: all });
    else if (all.length === 0) printLine('No districts yet.');
    else {
      const rows = all.map((each) => [
        each.districtId,
        each.name,
        String(each.classLinkTenantId ?? '-'),
        each.firstSync,
      ]);
      printLine(formatTable(['district', 'name', 'ClassLink tenant', 'first sync'], rows));
    }
  });
}

/** The settings of a district; a `CommandError` where there is none. */
export async function districtOf(target: Target, districtId: string) {
  const found = await target.districts.get(districtId);
  if (found !== null) return found;
  throw new CommandError(
    'unknown-district',
    `There is no district ${districtId}.`,
    'See `rollcall district list --local`.',
  );
}

/** Opens what the options point at, does the work, closes it. */
export async function withTarget(
  options: TargetOptions,
  work: (target: Target) => Promise<void>,
  mayCreate = false,
): Promise<void> {
  const target = await openTarget(options, mayCreate);
  try {
    await work(target);
  } finally {
    await target.close();
  }
}

import { Argument, Command } from 'commander';
import type { DistrictSettings } from '../core/district/settings.ts';
import { addDistrict } from './district-add.ts';
import { keepAddresses, keepKeys, LIST_ACTIONS, renewPassword } from './district-login.ts';
import { setSettings, setSuspended } from './district-set.ts';
import { makeSheet } from './district-sheet.ts';
import { districtOf, withTarget } from './district-target.ts';
import { offboardCommand } from './offboard-command.ts';
import { formatTable, printJson, printLine } from './output.ts';
import { type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
}

/** For an option that may be given several times. */
const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

const each = (name: string, description: string): Command =>
  targetOptions(new Command(name).description(description))
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 done or shown, 2 wrong usage, or it could not be done.');

/** The same for what is asked about at a terminal. */
const asking = (name: string, description: string): Command => each(name, description).option('--yes', 'do not ask');

const OUT = 'folder for the set-up sheet (else: the data folder of the local stack, or here)';

/** `rollcall district …`: add districts, keep their settings and logins. */
export function districtCommand(): Command {
  const command = new Command('district').description('add districts, keep their settings and SFTP logins');
  for (const sub of [...districts(), ...logins(), offboardCommand()]) command.addCommand(sub);
  return command;
}

const districts = (): readonly Command[] => [
  each('add', 'add a district, with an SFTP login whose password is shown once, and its set-up sheet')
    .argument('<district>', 'its id: lower-case letters, digits, hyphens; also its SFTP user name')
    .requiredOption('--name <name>', 'its name, for people')
    .option('--first-sync <what>', 'hold (a person looks first) or apply')
    .option('--set <key=value...>', 'further settings')
    .option('--key <file>', 'an SSH public key that may log in; may be given several times', collect, [])
    .option('--no-password', 'only keys may log in')
    .option('--cidr <range>', 'addresses that it may come from; may be given several times', collect, [])
    .option('--out <dir>', OUT)
    .action(addDistrict),
  each('show', 'show the settings of a district, and whether its syncs are paused').argument('<district>').action(show),
  asking('set', 'change settings of a district: rollcall district set maple limits.removals.share=0.05')
    .argument('<district>')
    .argument(
      '<key=value...>',
      'a value is JSON where it can be read as such, else text; a list may be written with commas',
    )
    .action(setSettings),
  each('list', 'list the districts').action(list),
  asking('suspend', 'refuse SFTP and launches of a district, end its sessions; deliveries wait')
    .argument('<district>')
    .action((district, options) => setSuspended(district, true, options)),
  each('resume', 'let a suspended district go on')
    .argument('<district>')
    .addHelpText('after', '\nSyncs that were paused, by a person or an undo, go on with `rollcall resume`.')
    .action((district, options) => setSuspended(district, false, options)),
  each('sheet', 'write the set-up sheet of a district, as Markdown and HTML')
    .argument('<district>')
    .option('--out <dir>', OUT)
    .action(makeSheet),
];

const logins = (): readonly Command[] => [
  asking('password', 'make a new SFTP password, shown once; the old one stops working')
    .argument('<district>')
    .action(renewPassword),
  each('keys', 'SSH public keys of a district')
    .argument('<district>')
    .addArgument(new Argument('<action>').choices(LIST_ACTIONS))
    .argument('[values...]', 'add: files with public keys; remove: fingerprints')
    .action(keepKeys),
  each('addresses', 'addresses that the SFTP login of a district may come from')
    .argument('<district>')
    .addArgument(new Argument('<action>').choices(LIST_ACTIONS))
    .argument('[ranges...]', 'such as 203.0.113.0/24')
    .action(keepAddresses),
];

async function show(districtId: string, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    const { settings, version } = await districtOf(target, districtId);
    const { syncPaused } = await target.log.state(districtId);
    if (options.json) printJson({ ...settings, syncPaused });
    else {
      for (const [key, value] of Object.entries(settings)) printLine(`${key} = ${JSON.stringify(value)}`);
      printLine(`syncs are ${syncPaused ? `paused: rollcall resume ${districtId} ${target.flags}` : 'not paused'}`);
      printLine(`(version ${version})`);
    }
  });
}

async function list(options: Options): Promise<void> {
  await withTarget(options, async ({ districts, log }) => {
    const all = await withLastApplied(
      (await districts.list()).map(({ settings }) => settings),
      log,
    );
    if (options.json) printJson({ districts: all });
    else if (all.length === 0) printLine('No districts yet.');
    else {
      const rows = all.map(({ districtId, name, classLinkTenantId, firstSync, lastAppliedAt, suspended }) => [
        ...[districtId, name, String(classLinkTenantId ?? '-'), firstSync, lastAppliedAt ?? 'never'],
        suspended ? 'suspended' : '',
      ]);
      printLine(formatTable(['district', 'name', 'ClassLink tenant', 'first sync', 'last applied', ''], rows));
    }
  });
}

/** States that are read side by side: a vendor may have thousands of districts. */
const AT_ONCE = 25;

/** Districts with when a sync was last applied to them, ISO 8601; null: never. */
async function withLastApplied(
  all: readonly DistrictSettings[],
  log: Pick<Target['log'], 'state'>,
): Promise<readonly (DistrictSettings & { readonly lastAppliedAt: string | null })[]> {
  const found = [];
  for (let start = 0; start < all.length; start += AT_ONCE) {
    const part = all.slice(start, start + AT_ONCE).map(async (settings) => {
      const { lastApplied } = await log.state(settings.districtId);
      return { ...settings, lastAppliedAt: lastApplied?.appliedAt ?? null };
    });
    found.push(...(await Promise.all(part)));
  }
  return found;
}

import { Command } from 'commander';
import { createIds, systemClock } from '../adapters/clock/system-clock.ts';
import type { DepartureOrder } from '../core/district/departure.ts';
import type { VersionedDeparture } from '../ports/departures.ts';
import type { VersionedSettings } from '../ports/districts.ts';
import { saveSettings } from './district-settings.ts';
import { districtOf, withTarget } from './district-target.ts';
import { tellDeparture, tellWouldGo } from './offboard-words.ts';
import { CommandError } from './output.ts';
import { poll } from './poll.ts';
import { type Target, type TargetOptions, targetOptions } from './target.ts';
import { wholeNumber } from './values.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly yesDelete?: string;
  readonly out?: string;
  readonly wait: number;
}

const HELP = `
Without --yes-delete it only counts. With it, the district is suspended at once, and deleted as soon as no sync of it
runs; until then \`district resume\` takes the order back. Afterwards the same command shows the certificate again.
Exit codes: 0 done, 2 wrong usage or not done in time.`;

/** `rollcall district offboard DISTRICT`: deletes a district and certifies it (R22). */
export const offboardCommand = (): Command =>
  targetOptions(new Command('offboard'))
    .description('delete a district with all its records, files, sessions and logins, and certify it')
    .argument('<district>')
    .option('--yes-delete <district>', 'really delete it: its id once more')
    .option('--out <file>', 'write the certificate to a file: .json, .html, else Markdown')
    .option('--wait <seconds>', 'how long to wait for the end', wholeNumber('--wait', 1, 86_400), 600)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', HELP)
    .action((districtId: string, options: Options) =>
      withTarget(options, (target) => offboard(target, districtId, options)),
    );

async function offboard(target: Target, districtId: string, options: Options): Promise<void> {
  if (options.yesDelete !== undefined && options.yesDelete !== districtId) {
    const message = `--yes-delete names ${options.yesDelete}, and the district is ${districtId}. Nothing was deleted.`;
    throw new CommandError('not-confirmed', message, `Give --yes-delete ${districtId} if you mean it.`);
  }
  const known = await target.departures.find(districtId);
  if (known === null && options.yesDelete === undefined) {
    return tellWouldGo(target, await districtOf(target, districtId), options);
  }
  const order = known === null ? await giveOrder(target, districtId) : null;
  const ended =
    known !== null && (known.departure.goneAt !== null || options.yesDelete === undefined)
      ? known
      : await waitForEnd(target, districtId, order, options.wait);
  await tellDeparture(target, ended.departure, options);
}

/** Suspends the district, so that nothing new begins, and sends the order: only the function deletes. */
async function giveOrder(target: Target, districtId: string): Promise<DepartureOrder> {
  const district = await districtOf(target, districtId);
  if (!target.running) {
    const hint = 'Start it with `rollcall local`, in another terminal.';
    throw new CommandError('not-running', 'The local stack is not running, and only its functions delete.', hint);
  }
  const settingsVersion = await suspend(target, district);
  const orderId = createIds(systemClock).next('c');
  const order = { orderId, who: await target.who(), at: new Date().toISOString(), settingsVersion };
  await target.purges.sendPurge({ type: 'offboard', districtId, order, attempt: 0 }, 0);
  return order;
}

/** The version of the settings that the order holds for: whoever changes them afterwards makes it void. */
async function suspend(target: Target, { settings, version }: VersionedSettings): Promise<number> {
  if (settings.suspended) return version;
  await saveSettings(target, { ...settings, suspended: true }, version);
  return version + 1;
}

async function waitForEnd(
  target: Target,
  districtId: string,
  order: DepartureOrder | null,
  seconds: number,
): Promise<VersionedDeparture> {
  const ended = await poll(seconds, 'deleting', async () => {
    const known = await target.departures.find(districtId);
    if (known === null && order !== null) await demandStanding(target, districtId, order);
    return known?.departure.goneAt ? known : null;
  });
  if (ended !== null) return ended;
  const isBegun = (await target.departures.find(districtId)) !== null;
  const message = isBegun
    ? `${districtId} is closed and being deleted; ${seconds} seconds were not enough.`
    : `${districtId} is suspended; it is deleted as soon as its sync has ended.`;
  const hint = `See \`rollcall district offboard ${districtId} ${target.flags}\`.`;
  throw new CommandError('still-waiting', `${message} The order is on its way and will be carried out.`, hint);
}

async function demandStanding(target: Target, districtId: string, order: DepartureOrder): Promise<void> {
  const district = await target.districts.get(districtId);
  // Gone: it has just left.
  if (district === null || district.version === order.settingsVersion) return;
  const message = `Somebody has changed ${districtId} after the order, which makes it void. Nothing was deleted.`;
  throw new CommandError('order-void', message, `See \`rollcall district show ${districtId} ${target.flags}\`.`);
}

import { changedSettings } from '../core/district/edit-settings.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import { type AskOptions, mayGoOn } from './ask.ts';
import { assignSettings, diffLines, readAssignments, saveSettings } from './district-settings.ts';
import { districtOf, withTarget } from './district-target.ts';
import { printJson, printLine } from './output.ts';
import type { Target, TargetOptions } from './target.ts';

type Options = TargetOptions & AskOptions;

/** `rollcall district set DISTRICT key=value…`: shows what changes, leaf by leaf, and saves it. */
export async function setSettings(districtId: string, pairs: readonly string[], options: Options): Promise<void> {
  const assignments = readAssignments(pairs);
  await withTarget(options, async (target) => {
    const { settings, version } = await districtOf(target, districtId);
    const changed = assignSettings(settings, assignments);
    const lines = diffLines(changedSettings(settings, changed));
    if (!options.json) printLine(lines.length > 0 ? lines.join('\n') : 'Nothing changes.');
    if (lines.length > 0) {
      if (!(await mayGoOn('Save?', options))) return printLine('Nothing was saved.');
      await saveSettings(target, changed, version);
      await goOnAfterSuspension(target, settings, changed);
    }
    if (options.json) printJson(changed);
  });
}

/** `rollcall district suspend|resume DISTRICT`: the switch for a whole district (R14). */
export async function setSuspended(districtId: string, suspended: boolean, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    const { settings, version } = await districtOf(target, districtId);
    const isNews = settings.suspended !== suspended;
    const question = `${settings.name}: refuse uploads and launches, and end all sessions?`;
    if (isNews && suspended && !(await mayGoOn(question, options))) return printLine('Nothing was changed.');
    if (isNews) await saveSettings(target, { ...settings, suspended }, version);
    // Also where it was resumed before: what waits may have lost its message.
    const started = suspended ? false : await goOn(target, districtId);
    if (options.json) printJson({ district: districtId, suspended, changed: isNews, started });
    else printLine(wordsOf(districtId, { isNews, suspended, started }));
    const { syncPaused } = await target.log.state(districtId);
    if (!suspended && syncPaused && !options.json) {
      printLine(`Its syncs are paused, too: \`rollcall resume ${districtId} ${target.flags}\` lets them go on.`);
    }
  });
}

function wordsOf(districtId: string, is: { isNews: boolean; suspended: boolean; started: boolean }): string {
  if (!is.isNews) return `${districtId} ${is.suspended ? 'is suspended already.' : 'is not suspended.'}`;
  if (is.suspended) {
    return `${districtId} is suspended. SFTP logins and launches are refused, sessions end within ten minutes, what was delivered waits.`;
  }
  const waits = is.started ? 'What was delivered is planned now.' : 'What was delivered is planned within 15 minutes.';
  return `${districtId} goes on. ${waits}`;
}

async function goOnAfterSuspension(target: Target, before: DistrictSettings, after: DistrictSettings): Promise<void> {
  if (before.suspended && !after.suspended) await goOn(target, after.districtId);
}

/** Asks for the deliveries that wait. Whoever may not send that leaves it to `watch`, which looks every 15 minutes. */
async function goOn({ running, queues }: Target, districtId: string): Promise<boolean> {
  if (!running) return false;
  try {
    await queues.sendPlan({ type: 'plan', districtId, attempt: 0 }, 0);
    return true;
  } catch (thrown) {
    if (/AccessDenied/.test((thrown as Error).name)) return false;
    throw thrown;
  }
}

import { type ChangedSetting, isSettingPath, withSetting } from '../core/district/edit-settings.ts';
import { type DistrictSettings, districtSettingsSchema } from '../core/district/settings.ts';
import { DistrictHasLeft } from '../ports/departures.ts';
import type { Districts } from '../ports/districts.ts';
import { TenantTaken } from '../ports/sso/sign-on-store.ts';
import { CommandError } from './output.ts';

/** One `key=value` of the command line. */
export interface Assignment {
  /** Names with dots between, such as `limits.removals.share`. */
  readonly path: string;
  readonly value: unknown;
}

/** `key=value` pairs as they stand on the command line. Values are JSON where they parse as such, else text. */
export function readAssignments(pairs: readonly string[]): readonly Assignment[] {
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) {
      const hint = 'For example: quietSeconds=60, or limits.removals.share=0.05';
      throw new CommandError('bad-assignment', `${pair} is not key=value.`, hint);
    }
    const path = pair.slice(0, equals);
    if (path === 'districtId')
      throw new CommandError('bad-assignment', 'districtId cannot be changed.', 'Add a district.');
    return { path, value: jsonOrText(pair.slice(equals + 1)) };
  });
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Settings with the assignments made one after the other, checked. What they do not name stays. */
export function assignSettings(before: object, assignments: readonly Assignment[]): DistrictSettings {
  let settings = before as Readonly<Record<string, unknown>>;
  for (const { path, value } of assignments) {
    if (!isSettingPath(path)) throw new CommandError('settings-invalid', `${path} is no setting.`, KNOWN_SETTINGS);
    try {
      settings = withSetting(settings, path, value);
    } catch (thrown) {
      throw new CommandError(
        'bad-assignment',
        `${path}: ${(thrown as Error).message}.`,
        'For example limits.removals.share=0.05, or contacts=["a@b.org"].',
      );
    }
  }
  return checkSettings(withLists(settings, assignments));
}

/** Text where the schema wants a list is one of a person's: `contacts=a@b.org,c@d.org`, `calendar.days=mon,tue`. */
function withLists(
  settings: Readonly<Record<string, unknown>>,
  assignments: readonly Assignment[],
): Readonly<Record<string, unknown>> {
  const wanted = new Set(listsWanted(settings).map(({ path }) => path.join('.')));
  return assignments.reduce((all, { path, value }) => {
    if (typeof value !== 'string' || !wanted.has(path)) return all;
    const items = value.split(',').map((item) => item.trim());
    return withSetting(
      all,
      path,
      items.filter((item) => item !== ''),
    );
  }, settings);
}

type SettingsIssue = NonNullable<ReturnType<typeof districtSettingsSchema.safeParse>['error']>['issues'][number];

/** Where the schema wants a list and finds something else. */
const listsWanted = (candidate: unknown) =>
  (districtSettingsSchema.safeParse(candidate).error?.issues ?? []).filter(isListWanted);

const isListWanted = (issue: SettingsIssue): boolean => issue.code === 'invalid_type' && issue.expected === 'array';

const KNOWN_SETTINGS = `Settings are: ${Object.keys(districtSettingsSchema.shape).join(', ')}.`;

/** What a list may look like, for those that people set. */
const LIST_EXAMPLES: Readonly<Record<string, string>> = {
  contacts: 'a@b.org,c@d.org',
  'calendar.days': 'mon,tue,wed',
  'calendar.holidays': '2026-11-26,2026-11-27',
};

/** Checks settings against the schema; throws what is wrong with each key in words. */
export function checkSettings(candidate: unknown): DistrictSettings {
  const parsed = districtSettingsSchema.safeParse(candidate);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const key = issue.path.join('.');
    if (isListWanted(issue)) return `${key}: a list, such as ${key}=${LIST_EXAMPLES[key] ?? '["a","b"]'}`;
    return `${key === '' ? '' : `${key}: `}${issue.message}`;
  });
  throw new CommandError('settings-invalid', faults.join('; '), KNOWN_SETTINGS);
}

/** What an edit changes, for people: `- old`, `+ new`, a line for each setting. */
export const diffLines = (changed: readonly ChangedSetting[]): readonly string[] =>
  changed.flatMap(({ path, before, after }) => [
    ...(before === null ? [] : [`- ${path} = ${before}`]),
    ...(after === null ? [] : [`+ ${path} = ${after}`]),
  ]);

/** Saves settings that were read as `version` (0: they are new). A `CommandError` where somebody else was faster. */
export async function saveSettings(
  { districts, flags }: { readonly districts: Districts; readonly flags: string },
  settings: DistrictSettings,
  version: number,
): Promise<void> {
  let outcome: 'saved' | 'conflict';
  try {
    outcome = await districts.save(settings, version);
  } catch (thrown) {
    if (thrown instanceof DistrictHasLeft) {
      const message = `A district ${settings.districtId} has left, and its id is not used again (R22).`;
      throw new CommandError('district-has-left', message, 'Take another id, for example with a 2 at its end.');
    }
    // One ClassLink tenant is one district (R20).
    if (!(thrown instanceof TenantTaken)) throw thrown;
    const message = `ClassLink tenant ${settings.classLinkTenantId} is another district's. Nothing was changed.`;
    const hint = `See \`rollcall district list ${flags}\`; set classLinkTenantId=null there first if it moves.`;
    throw new CommandError('tenant-taken', message, hint);
  }
  if (outcome === 'saved') return;
  if (version === 0) {
    const message = `There is a district ${settings.districtId} already.`;
    throw new CommandError('district-exists', message, 'Use `district set`.');
  }
  throw new CommandError(
    'settings-changed',
    'Someone else changed these settings meanwhile, after you had read them. Nothing of yours was saved.',
    'Run it again: it starts from the settings as they are now.',
  );
}

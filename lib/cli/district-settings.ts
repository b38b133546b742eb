import { type DistrictSettings, districtSettingsSchema } from '../core/district/settings.ts';
import { CommandError } from './output.ts';

/** `key=value` pairs as they stand on the command line. Values are JSON where they parse as such, else text. */
export function readAssignments(pairs: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) {
      throw new CommandError('bad-assignment', `${pair} is not key=value.`, 'For example: quietSeconds=60');
    }
    const key = pair.slice(0, equals);
    if (key === 'districtId')
      throw new CommandError('bad-assignment', 'districtId cannot be changed.', 'Add a district.');
    values[key] = jsonOrText(pair.slice(equals + 1));
  }
  return values;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Checks settings against the schema; throws what is wrong with each key in words. */
export function checkSettings(candidate: unknown): DistrictSettings {
  const parsed = districtSettingsSchema.safeParse(candidate);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const key = issue.path.join('.');
    return `${key === '' ? '' : `${key}: `}${issue.message}`;
  });
  const keys = Object.keys(districtSettingsSchema.shape).join(', ');
  throw new CommandError('settings-invalid', faults.join('; '), `Settings are: ${keys}.`);
}

/** What an edit changes, one line each: `- old`, `+ new`. */
export function diffSettings(before: DistrictSettings, after: DistrictSettings): readonly string[] {
  const keys = Object.keys(after) as (keyof DistrictSettings)[];
  return keys.flatMap((key) => {
    const [old, now] = [JSON.stringify(before[key]), JSON.stringify(after[key])];
    return old === now ? [] : [`- ${key} = ${old}`, `+ ${key} = ${now}`];
  });
}

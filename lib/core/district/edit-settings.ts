/** Any JSON value. */
type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A part of a path: a name of a setting. Others, `__proto__` among them, are no settings. */
const NAME = /^[a-z][A-Za-z0-9]*$/;

/** Whether a path may name a setting: names with dots between. */
export const isSettingPath = (path: string): boolean => path.split('.').every((name) => NAME.test(name));

/**
 * Settings with one of them changed, such as `limits.removals.share`: what stands beside it stays. A part that is not set
 * (`calendar` is null) starts empty; whether the result is right is the schema's to say.
 *
 * @throws Error where a part of the path is a list or a plain value: it has no parts of its own; and where a plain value
 * would take the place of what has parts.
 */
export function withSetting(settings: JsonObject, path: string, value: Json): JsonObject {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const before = Object.hasOwn(settings, name) ? settings[name] : null;
    if (isObject(before) && value !== null && !isObject(value)) {
      throw new Error(`it has parts, so name the one that is meant: ${Object.keys(before).join(', ')}`);
    }
    return { ...settings, [name]: value };
  }
  const inner = Object.hasOwn(settings, name) ? (settings[name] ?? {}) : {};
  if (!isObject(inner)) throw new Error(`${name} has no parts, so it is given as a whole`);
  return { ...settings, [name]: withSetting(inner, rest.join('.'), value) };
}

/** One setting that an edit changes, values as JSON; null where there was, or is, no such setting. */
export interface ChangedSetting {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * What an edit changes, leaf by leaf, in the order of the settings. A list is one leaf. Leaves that go (`calendar` becomes
 * null, or gets parts) stand before those that take their place.
 */
export function changedSettings(before: JsonObject, after: JsonObject): readonly ChangedSetting[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  const paths = names.flatMap((name) => {
    const isOf = (path: string) => path === name || path.startsWith(`${name}.`);
    const gone = [...old.keys()].filter((path) => isOf(path) && !now.has(path));
    return [...gone, ...[...now.keys()].filter(isOf)];
  });
  return paths
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter((leaf) => leaf.before !== leaf.after);
}

function leavesOf(value: JsonObject, prefix = ''): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [name, each] of Object.entries(value)) {
    const path = `${prefix}${name}`;
    if (isObject(each)) for (const [inner, text] of leavesOf(each, `${path}.`)) leaves.set(inner, text);
    else leaves.set(path, JSON.stringify(each));
  }
  return leaves;
}

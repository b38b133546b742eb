import type { StageSettings } from './stage-settings.ts';

/** An account that is nobody's: lets `cdk synth` run without credentials. A deployment to it fails. */
export const PLACEHOLDER_ACCOUNT = '111111111111';

/** A host below `.example`, which nobody can own (RFC 2606), or the certificate that is none. */
const STANDS_IN = /\.example(?=[:/]|$)|0{8}-0000-0000-0000-0{12}/;

/**
 * Settings of a real account that still hold what stands for a real value, each by its place: they would deploy, and then
 * mails, alarms and products go nowhere.
 */
export function placeholderFaults(settings: StageSettings): readonly string[] {
  if (settings.account === PLACEHOLDER_ACCOUNT) return [];
  return texts(settings)
    .filter(([, text]) => STANDS_IN.test(text))
    .map(([at, text]) => `${at}: ${text} stands for a real one`);
}

/** Every text below a value, with the way to it. */
function texts(value: unknown, at = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => texts(each, at === '' ? key : `${at}.${key}`));
}

import { LAUNCH_SECONDS, launchIdOf, startOfLaunch, USED_LAUNCH_SECONDS } from './launch.ts';

/**
 * The browser's cookies (design §5). Those of which a browser may have several at a time carry what they are about in
 * their name, so that two tabs never overwrite each other's: a pending launch, a hand-off, the browser's own id.
 */
export const SESSION_COOKIE = '__Host-rollcall-session';
export const CONFIRM_COOKIE = '__Host-rollcall-confirm';
export const LOGOUT_COOKIE = '__Host-rollcall-logout';

/** Kinds of cookies of which there may be several. */
export type CookieKind = 'launch' | 'handoff' | 'browser';

/** At most so many of a kind at a time (design §5): cookies are sent with every request. */
export const MAX_COOKIES = 4;

/** So many characters of an id name its cookie: its time, and 5 of 64⁵ = 10⁹. */
const NAME_LENGTH = 12;

/** More than this need not go with one answer: its headers are bounded too, and a script may send hundreds. */
const MAX_DROPS = 8;

const prefixOf = (kind: CookieKind): string => `__Host-rollcall-${kind}-`;

/** The cookie of one launch, hand-off or browser, by its id. Names of a kind sort by the time of their ids. */
export const cookieName = (kind: CookieKind, id: string): string => `${prefixOf(kind)}${id.slice(0, NAME_LENGTH)}`;

const isOf = (kind: CookieKind, name: string): boolean => name.startsWith(prefixOf(kind)) && /^[\w-]{1,64}$/.test(name);

/**
 * Those of a kind with their values, the newest first; no more than we ever set, whatever a client sends. `counts`: whether
 * one can be ours, so that what cannot be takes no place.
 */
export const newestOf = (
  kind: CookieKind,
  cookies: ReadonlyMap<string, string>,
  counts: (value: string, name: string) => boolean = () => true,
): readonly [string, string][] =>
  [...cookies]
    .filter(([name, value]) => isOf(kind, name) && counts(value, name))
    .sort(([one], [other]) => (one < other ? 1 : -1))
    .slice(0, MAX_COOKIES);

/**
 * Those of a kind with their values, what was set last first, and no more than we ever set: a browser sends its cookies in the
 * order in which it got them (RFC 6265 §5.4). Requests of several tabs that each take the latest leave one for each other:
 * what an earlier request does not know of is taken before what it does.
 */
export const latestOf = (kind: CookieKind, cookies: ReadonlyMap<string, string>): readonly [string, string][] =>
  [...cookies]
    .filter(([name]) => isOf(kind, name))
    .reverse()
    .slice(0, MAX_COOKIES);

/** Two of our machines may differ so much. Seconds. */
const SKEW_SECONDS = 60;

/**
 * Names that have to go so that one more of the kind fits: first those from the future, which nobody of us has set, then the
 * oldest. The name starts with the time, so nothing needs to be opened. `fresh`: the one that comes.
 */
export function surplusOf(kind: CookieKind, names: Iterable<string>, fresh: string): readonly string[] {
  const timeOf = (name: string) => startOfLaunch(name.slice(prefixOf(kind).length));
  const latest = timeOf(fresh) + SKEW_SECONDS;
  const sorted = [...names].filter((name) => isOf(kind, name) && name !== fresh).sort();
  const isOurs = (name: string) => timeOf(name) <= latest;
  const there = [...sorted.filter((name) => !isOurs(name)), ...sorted.filter(isOurs)];
  return there.slice(0, Math.min(MAX_DROPS, Math.max(0, there.length - MAX_COOKIES + 1)));
}

/**
 * A browser keeps its id for a day, then it gets a new one: who has looked into a shared computer's cookies knows it no
 * longer than that. Seconds.
 */
export const BROWSER_FRESH_SECONDS = 24 * 3600;

/** An id is looked at until the last session that was made under it is over: a launch of its last second, and 12 hours. */
export const BROWSER_SECONDS = BROWSER_FRESH_SECONDS + LAUNCH_SECONDS + USED_LAUNCH_SECONDS;

/** Random bytes of a browser's id. */
export const BROWSER_RANDOM_BYTES = 32;

/** A new browser's id: when, then chance. Secret: who has it can end that browser's sessions. */
export const browserIdOf = (atSeconds: number, random: string): string => launchIdOf(atSeconds, random);

const BROWSER_ID = /^[0-9a-z]{7}[A-Za-z0-9_-]{43}$/;

/** Seconds since the id was made; null for what is no id, or too old to count. */
export function ageOfBrowser(id: string, nowSeconds: number): number | null {
  if (!BROWSER_ID.test(id)) return null;
  const age = nowSeconds - startOfLaunch(id);
  return age < -SKEW_SECONDS || age >= BROWSER_SECONDS ? null : age;
}

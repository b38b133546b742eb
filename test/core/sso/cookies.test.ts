import {
  ageOfBrowser,
  BROWSER_FRESH_SECONDS,
  BROWSER_SECONDS,
  browserIdOf,
  type CookieKind,
  cookieName,
  latestOf,
  newestOf,
  surplusOf,
} from '../../../lib/core/sso/cookies.ts';
import { launchIdOf } from '../../../lib/core/sso/launch.ts';

const RANDOM = 'AbCdEfGhIjKlMnOpQrStUv';
const SECRET = RANDOM + RANDOM.slice(1);
const NOW = 1_800_000_000;
const nameAt = (kind: CookieKind, at: number) => cookieName(kind, launchIdOf(NOW + at, RANDOM));

describe.each(['launch', 'handoff', 'browser'] as const)('cookies of which there are several: %s', (kind) => {
  const names = [5, 1, 4, 2, 3].map((at) => nameAt(kind, at));
  const fresh = nameAt(kind, 9);

  test('the oldest go, so that at most four are left with the new one', () => {
    expect(surplusOf(kind, ['__Host-rollcall-session', ...names], fresh)).toEqual([names[1], names[3]]);
    expect(surplusOf(kind, names.slice(0, 3), fresh)).toEqual([]);
  });

  test('planted names from the future go before any of ours', () => {
    const planted = ['zzzzzzzaaaaa', 'zzzzzzzbbbbb', 'zzzzzzzccccc'].map((id) => cookieName(kind, id));
    expect(surplusOf(kind, [...planted, ...names], fresh)).toEqual([...planted, names[1], names[3]]);
  });

  test('one of the same second, or of a machine whose clock is ahead, is no older than the others (R19)', () => {
    const siblings = [cookieName(kind, launchIdOf(NOW + 9, 'zzzzz')), nameAt(kind, 69)];
    expect(surplusOf(kind, [...siblings, ...names.slice(0, 2)], fresh)).toEqual([names[1]]);
    expect(surplusOf(kind, [nameAt(kind, 70), ...names.slice(0, 3)], fresh)).toEqual([nameAt(kind, 70)]);
  });

  test('values that are none of ours take no place', () => {
    const planted = [6, 7, 8, 10].map((at) => [nameAt(kind, at), 'planted'] as const);
    const jar = new Map([...planted, ...names.map((name) => [name, 'x'] as const)]);
    expect(newestOf(kind, jar, (value) => value === 'x').map(([name]) => name)).toEqual([
      names[0],
      names[2],
      names[4],
      names[3],
    ]);
  });

  test('one that is set again makes nobody go', () => {
    expect(surplusOf(kind, names.slice(0, 4), names[2] ?? '')).toEqual([]);
  });

  test('the newest come first, and not more than four are looked at', () => {
    const jar = new Map([...names, '__Host-rollcall-session'].map((name) => [name, 'x']));
    expect(newestOf(kind, jar).map(([name]) => name)).toEqual([names[0], names[2], names[4], names[3]]);
  });

  test('what was set last comes first where that is asked for', () => {
    const jar = new Map([...names, '__Host-rollcall-session'].map((name) => [name, 'x']));
    expect(latestOf(kind, jar).map(([name]) => name)).toEqual([names[4], names[3], names[2], names[1]]);
  });

  test('cookies of other kinds, and names that nobody of us sets, are left alone', () => {
    const others = (['launch', 'handoff', 'browser'] as const).filter((each) => each !== kind);
    const foreign = [...others.map((each) => nameAt(each, 1)), `${fresh}\r\nSet-Cookie: a`, `${fresh} x`, `${fresh}ü`];
    expect(newestOf(kind, new Map(foreign.map((name) => [name, 'x'])))).toEqual([]);
    expect(surplusOf(kind, [...foreign, ...foreign, ...foreign], fresh)).toEqual([]);
  });

  test('a jar of hundreds does not make an answer of hundreds of headers', () => {
    const many = Array.from({ length: 300 }, (_, at) => nameAt(kind, at));
    expect(surplusOf(kind, many, nameAt(kind, 999))).toEqual(many.slice(0, 8));
  });
});

describe("a browser's id", () => {
  const id = browserIdOf(NOW, SECRET);

  test.each<[string, string, number, number | null]>([
    ['new', id, NOW, 0],
    ['of a machine whose clock is ahead', id, NOW - 59, -59],
    ['at the end of its day', id, NOW + BROWSER_FRESH_SECONDS, BROWSER_FRESH_SECONDS],
    ['while the last session under it may live', id, NOW + BROWSER_SECONDS - 1, BROWSER_SECONDS - 1],
    ['later', id, NOW + BROWSER_SECONDS, null],
    ['from tomorrow, so that it would live longer', id, NOW - 86_400, null],
    ['too short', id.slice(0, -1), NOW, null],
    ['with something behind it', `${id}x`, NOW, null],
    ['of other letters', id.replace('A', '#'), NOW, null],
    ['none', '', NOW, null],
  ])('%s', (_name, text, now, age) => {
    expect(ageOfBrowser(text, now)).toBe(age);
  });

  test('is looked at until the last session that was made under it is over', () => {
    expect(BROWSER_SECONDS).toBe(24 * 3600 + 600 + 12 * 3600);
  });
});

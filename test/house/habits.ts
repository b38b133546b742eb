import { codeOf, type Source } from './sources.ts';

/** Longest file of the product, lines (style §2: aim at 120, look again at 250). */
const MAX_LINES = 300;
/** Longest handler, lines. */
const MAX_HANDLER_LINES = 60;

/** Names that say nothing about what is inside, and invite everything. */
const EMPTY_NAMES = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'index'];

const ANY = /[:<|&,]\s*any\b(?!\s*\()|\bas\s+any\b|\bany\[\]/;
const IMPURE = /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\bprocess\.|\bperformance\.|\bcrypto\.|\bsetTimeout\(/;
const RE_EXPORT = /^export\s+(type\s+)?(\*|\{[^}]*\})\s*(as\s+\w+\s+)?from\b/gm;

/** Habits of this codebase (style §2) that the file breaks, as a sentence each. */
export function brokenHabits({ path, text }: Source): readonly string[] {
  const code = codeOf(text);
  const lines = text.split('\n').length - 1;
  const name =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.d?\.?ts$/, '') ?? '';
  const limit = /^lambdas\/.*\/handler\.ts$/.test(path) ? MAX_HANDLER_LINES : MAX_LINES;
  const broken = [
    lines > limit && `has ${lines} lines, more than ${limit}`,
    EMPTY_NAMES.includes(name) && `is called ${name}: say what is in it`,
    !/^[a-z0-9-]+(\.d)?\.ts$/.test(path.split('/').at(-1) ?? '') && 'is not in kebab-case',
    ANY.test(code) && 'says any',
    [...code.matchAll(RE_EXPORT)].length > 0 && 'passes on exports of another file',
    /^lib\/(core|flows)\//.test(path) && IMPURE.test(code) && 'takes time, chance or the process from the air',
  ];
  return broken.filter((each) => each !== false).map((each) => `${path} ${each}`);
}

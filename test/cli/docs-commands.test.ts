import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  'lib/local/README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** A command as a page shows it. `whole`: to be typed as it stands, not only named. */
interface Shown {
  readonly page: string;
  readonly text: string;
  readonly whole: boolean;
}

/** Lines of code blocks, and pieces of code in the text. */
function shownOn(page: string): readonly Shown[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = /^```.*\n([\s\S]*?)^```$/gm;
  const lines = [...text.matchAll(blocks)].flatMap(([, block = '']) => block.replace(/\\\n\s*/g, '').split('\n'));
  const spans = [...text.replace(blocks, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...lines, ...spans].flatMap((line) => {
    const [, npx, command] = /^(npx )?rollcall ([a-z].*)$/.exec(line.trim()) ?? [];
    if (command === undefined) return [];
    const withoutComment = command.replace(/\s+# .*$/, '');
    return [{ page, text: withoutComment, whole: npx !== undefined || /--(?:stage|local)\b/.test(withoutComment) }];
  });
}

/** As a shell takes a line apart, as far as ours need it. An ellipsis stands for more of the same. */
const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)]
    .map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'))
    .filter((word) => word !== '…');

/** What commander has against each; null: nothing. */
function complaintsAbout(lines: readonly (readonly string[])[]): readonly (string | null)[] {
  const script = join(import.meta.dirname, 'parse-commands.ts');
  const options = { cwd: ROOT, input: JSON.stringify(lines) };
  return JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', script], options).toString());
}

const byText = new Map(PAGES.flatMap(shownOn).map((each) => [each.text, each]));
const whole = [...byText.values()].filter((each) => each.whole);
// `district show|set` names two; what only names a command need not have all of its arguments.
const named = [...byText.values()]
  .filter((each) => !each.whole)
  .flatMap((each) => {
    const [first = '', second, ...rest] = wordsOf(each.text);
    const seconds = second === undefined ? [[]] : second.split('|').map((name) => [name]);
    return seconds.map((more) => ({ ...each, words: [first, ...more, ...rest] }));
  });
const INCOMPLETE = /^error: (?:missing required argument|required option)|^\(outputHelp\)/;
const WRONG = ['district freeze maple', 'district set maple a=1 --stge dev', 'approve', 'district keys maple drop x'];

let complaints: readonly (string | null)[];
beforeAll(() => {
  const lines = [...[...whole.map(({ text }) => text), ...WRONG].map(wordsOf), ...named.map(({ words }) => words)];
  complaints = complaintsAbout(lines);
});

test('the pages show commands, and this finds what is wrong with one', () => {
  expect(whole.length).toBeGreaterThan(60);
  const found = complaints.slice(whole.length, whole.length + WRONG.length);
  expect(found).toEqual(WRONG.map(() => expect.stringMatching(/unknown|missing|invalid/)));
});

test.each(whole.map(({ page, text }, at) => [page, text, at] as const))('%s: rollcall %s', (_page, _text, at) => {
  expect(complaints[at]).toBeNull();
});

test.each(named.map(({ page, words }, at) => [page, words.join(' '), at] as const))(
  '%s names: rollcall %s',
  (_page, _text, at) => {
    const complaint = complaints[whole.length + WRONG.length + at] ?? null;
    expect(complaint === null || INCOMPLETE.test(complaint) ? null : complaint).toBeNull();
  },
);

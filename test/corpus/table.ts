import { type FamilyTally, totalOf } from './tally.ts';

const HEADINGS = [
  'fault',
  'cases',
  'held',
  'rejected',
  'incomplete',
  'superseded',
  'unchanged',
  'applied',
  'wrong',
  'records removed',
  'restored',
  'next night held',
];

/** The tallies as a Markdown table, with their sum in the last row. */
export function tableOf(tallies: readonly FamilyTally[]): string {
  const rows = [...tallies, totalOf(tallies)].map(({ family, cases, endings, wrong, removed, restored, nextHeld }) => {
    const { held, rejected, incomplete, superseded, unchanged, applied } = endings;
    const numbers = [cases, held, rejected, incomplete, superseded, unchanged, applied, wrong.length];
    return [family, ...[...numbers, removed, restored, nextHeld].map(String)];
  });
  const widths = HEADINGS.map((heading, at) =>
    Math.max(...[heading, ...rows.map((row) => row[at] ?? '')].map(lengthOf)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(HEADINGS), line(rule), ...rows.map(line)].join('\n');
}

const lengthOf = (text: string): number => text.length;

const BEGIN = '<!-- corpus: written by `npx tsx test/corpus/run.ts --write` -->';
const END = '<!-- /corpus -->';

/** The table that a page holds between its marks; '' where it has none. */
export function tableIn(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  return begin < 0 || end < 0 ? '' : page.slice(begin + BEGIN.length, end).trim();
}

/** The page with another table between its marks. Throws where it has none. */
export function withTable(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < 0) throw new Error('the page has no marks for the table');
  return `${page.slice(0, begin)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}

const begin = (name: string): string => `<!-- ${name}: written by \`npm run bench -- cost --pages\` -->`;
const end = (name: string): string => `<!-- /${name} -->`;

/** What a cell of numbers looks like; it may have a unit of one word. */
const NUMBER = /^(?:none|[*$\d.,e/ -]+(?: ?%| [\w/]+| a second)?)$/;

/** A Markdown table: columns of numbers to the right, the first and those of words to the left. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(headings),
    line(headings.map((_, at) => (at > 0 && rows.every((row) => NUMBER.test(row[at] ?? '')) ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** What stands between the marks of a name; null where the page has none. */
export function tableIn(page: string, name: string): string | null {
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  return from < 0 || to < 0 ? null : page.slice(from + begin(name).length, to).trim();
}

/** The page with other tables between their marks. Throws where it has no marks for one of them. */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [from, to] = [text.indexOf(begin(name)), text.indexOf(end(name))];
    if (from < 0 || to < 0) throw new Error(`the page has no marks for ${name}`);
    return `${text.slice(0, from)}${begin(name)}\n\n${table}\n\n${text.slice(to)}`;
  }, page);
}

/** A number for people, with so many decimals. */
export const shown = (value: number, decimals = 0): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

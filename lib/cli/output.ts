/** Something that a command could not do, with words for the person who typed it. Exit code 2. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  readonly hint: string;
  /** Further keys of its JSON, such as the id of a command that was sent. */
  readonly facts: Readonly<Record<string, string>>;

  constructor(code: string, message: string, hint: string, facts: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.facts = facts;
  }
}

/** Writes one JSON object on one line of stdout. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** Writes a line for people on stdout. */
export const printLine = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};

/** A table for people: columns as wide as they need, numbers to the right. */
export function formatTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)))];
  const widths = head.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  const right = head.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  return cells
    .map((row) => row.map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `1 error`, `2,000 errors`. */
export const counted = (value: number, thing: string): string => `${grouped(value)} ${thing}${value === 1 ? '' : 's'}`;

/** 1234567 as 1,234,567. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

import type { FileName, RosterName } from './standard.ts';

/** A file before it is text. */
export interface TextTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A whole export before it is text. */
export type Export = Readonly<Record<FileName, TextTable>>;

/** Files as they are uploaded or packed, by file name with `.csv`. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** How a table is written. */
export interface Dialect {
  readonly lineEnd?: '\n' | '\r\n' | '\r';
  readonly quoteAll?: boolean;
  readonly separator?: string;
}

const encoder = new TextEncoder();

/** Text as bytes. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** The text of a table; cells in quotes where they need them (RFC 4180). */
export function textOf({ header, rows }: TextTable, dialect: Dialect = {}): string {
  const { lineEnd = '\n', quoteAll = false, separator = ',' } = dialect;
  const quoted = (cell: string) =>
    quoteAll || /["\r\n]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return [header, ...rows].map((cells) => cells.map(quoted).join(separator) + lineEnd).join('');
}

/** All files of an export as bytes. */
export function filesOf(tables: Export, dialect: Dialect = {}): Files {
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [`${name}.csv`, bytesOf(textOf(table, dialect))]),
  );
}

/** The same files with some of them replaced; null leaves one out. */
export function withFiles(files: Files, changes: Readonly<Record<string, Uint8Array | string | null>>): Files {
  const merged = Object.entries({ ...files, ...changes }).flatMap(([name, body]) => {
    if (body === null) return [];
    return [[name, typeof body === 'string' ? bytesOf(body) : body] as const];
  });
  return Object.fromEntries(merged);
}

/** The same table with its rows changed; null drops a row. */
export const mapRows = (
  table: TextTable,
  change: (row: readonly string[], at: number) => readonly string[] | null,
): TextTable => ({
  ...table,
  rows: table.rows.flatMap((row, at) => [change(row, at)].filter((each) => each !== null)),
});

/** The cell of a row under a column; '' where there is none. */
export const cellOf = (table: TextTable, row: readonly string[], column: string): string =>
  row[table.header.indexOf(column)] ?? '';

/** The same row with other cells. */
export const withCells = (
  table: TextTable,
  row: readonly string[],
  cells: Readonly<Record<string, string>>,
): readonly string[] => row.map((cell, at) => cells[table.header[at] ?? ''] ?? cell);

/** The same table with a column's cells changed. */
export const mapColumn = (
  table: TextTable,
  column: string,
  change: (cell: string, row: readonly string[], at: number) => string,
): TextTable =>
  mapRows(table, (row, at) => withCells(table, row, { [column]: change(cellOf(table, row, column), row, at) }));

/** The same export with one table changed. */
export const mapTable = (tables: Export, name: FileName, change: (table: TextTable) => TextTable): Export => ({
  ...tables,
  [name]: change(tables[name]),
});

/** The same export with other modes in its manifest (`absent`, `bulk`, `delta`; null leaves the line out). */
export function withModes(tables: Export, modes: Readonly<Partial<Record<RosterName, string | null>>>): Export {
  return mapTable(tables, 'manifest', (manifest) =>
    mapRows(manifest, ([property = '', value = '']) => {
      const mode = modes[property.replace(/^file\./, '') as RosterName];
      return mode === null ? null : [property, mode ?? value];
    }),
  );
}

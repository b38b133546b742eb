import { parse } from 'csv-parse/sync';
import { COLUMNS_OF, FILE_OF, KEPT_COLUMNS, KINDS, type Kind, meaningOf, type RosterName } from './standard.ts';
import type { Files } from './tables.ts';

export type Mode = 'absent' | 'bulk' | 'delta';

/** A row, read as OneRoster means it. Which rows its references find is not known yet. */
export interface ReadRow {
  /** Null: nobody can say whom it names. */
  readonly id: string | null;
  /** The row is damaged, but this id is not to be touched either (blanks around it). */
  readonly alsoMeans: string | null;
  readonly says: 'is' | 'gone' | 'damaged';
  /** By column name; blank cells and unreadable optional ones are left out. */
  readonly cells: Readonly<Record<string, string>>;
}

/** What a delivery says, file by file. */
export interface ReadDelivery {
  /** A reason for which nothing of it may count, or null. */
  readonly unusable: string | null;
  readonly modes: ReadonlyMap<Kind, Mode>;
  readonly rows: ReadonlyMap<Kind, readonly ReadRow[]>;
}

const HEAD = ['sourcedId', 'status', 'dateLastModified'];

/** Reads uploaded files with a CSV parser that the product does not use. */
export function readDelivery(files: Files): ReadDelivery {
  const modes = new Map<Kind, Mode>();
  const rows = new Map<Kind, readonly ReadRow[]>();
  try {
    const named = manifestOf(files);
    for (const kind of KINDS) {
      const name = FILE_OF[kind];
      const bytes = files[`${name}.csv`];
      const mode = named.get(name) ?? (bytes === undefined ? 'absent' : 'bulk');
      if (mode !== 'absent' && bytes === undefined) throw new Error(`${name}.csv is missing`);
      modes.set(kind, mode);
      rows.set(kind, mode === 'absent' || bytes === undefined ? [] : readFile(kind, mode, bytes));
    }
    return { unusable: null, modes, rows };
  } catch (thrown) {
    return { unusable: String(thrown), modes, rows };
  }
}

function manifestOf(files: Files): ReadonlyMap<RosterName, Mode> {
  const bytes = files['manifest.csv'];
  if (bytes === undefined) return new Map();
  const modes = cellsOf(bytes).flatMap(([property = '', value = '']) => {
    const [, name] = /^file\.(\w+)$/.exec(property) ?? [];
    return name === undefined ? [] : [[name as RosterName, value as Mode] as const];
  });
  return new Map(modes);
}

/** Most files of a fault are those of the good export: read once. */
const known = new WeakMap<Uint8Array, Map<string, readonly ReadRow[]>>();

function readFile(kind: Kind, mode: Mode, bytes: Uint8Array): readonly ReadRow[] {
  const readings = known.get(bytes) ?? new Map<string, readonly ReadRow[]>();
  const rows = readings.get(`${kind} ${mode}`) ?? readRows(kind, mode, bytes);
  known.set(bytes, readings.set(`${kind} ${mode}`, rows));
  return rows;
}

function readRows(kind: Kind, mode: Mode, bytes: Uint8Array): ReadRow[] {
  const [header, ...lines] = cellsOf(bytes);
  if (header === undefined) throw new Error(`the file of ${kind} is empty`);
  const needed = ['sourcedId', ...COLUMNS_OF[kind].filter(({ required }) => required).map(({ name }) => name)];
  if (mode === 'delta') needed.push('status', 'dateLastModified');
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0) throw new Error(`the file of ${kind} lacks ${missing.join(', ')}`);
  if (new Set(header).size < header.length) throw new Error(`the file of ${kind} has a column twice`);
  return lines.map((cells) => readRow(kind, header, cells));
}

function readRow(kind: Kind, header: readonly string[], cells: readonly string[]): ReadRow {
  const given = cells[header.indexOf('sourcedId')] ?? '';
  const damaged = { says: 'damaged', cells: {}, alsoMeans: null } as const;
  const isId = /^[^\u0000-\u001f\u007f]{1,255}$/.test(given) && given.trim() !== '' && given !== 'NULL';
  const named = isId && !/^\d([.,]\d+)?E\+\d+$/i.test(given) ? given : null;
  if (cells.length !== header.length)
    return { ...damaged, id: header[0] === HEAD[0] && cells.length > 1 ? named : null };
  if (named === null) return { ...damaged, id: null };
  if (named !== named.trim()) return { ...damaged, id: named, alsoMeans: named.trim() };
  const cell = (name: string) => cells[header.indexOf(name)] ?? '';
  const status = cell('status').trim().toLowerCase();
  if (status === 'tobedeleted' || status === 'inactive') return { ...damaged, id: named, says: 'gone' };
  if (status !== '' && status !== 'active') return { ...damaged, id: named };
  return { id: named, alsoMeans: null, ...readCells(kind, cell) };
}

function readCells(kind: Kind, cell: (name: string) => string): Pick<ReadRow, 'says' | 'cells'> {
  let says: 'is' | 'damaged' = 'is';
  const read: Record<string, string> = {};
  for (const column of KEPT_COLUMNS[kind]) {
    const text = cell(column.name);
    const meaning = text.trim() === '' ? '' : meaningOf(column, text);
    if (meaning) read[column.name] = meaning;
    else if (column.required) says = 'damaged';
  }
  return { says, cells: read };
}

/** The cells of a file; throws where it is no CSV text. */
function cellsOf(bytes: Uint8Array): string[][] {
  const [first, second] = bytes;
  const marked =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(marked, { fatal: true }).decode(bytes);
  if (text.includes('\0')) throw new Error('binary');
  return parse(text.replace(/^\uFEFF+/, '').replace(/\r$/, ''), { relax_column_count: true, skip_empty_lines: true });
}

import { FILE_OF_KIND } from '../core/oneroster/kinds.ts';
import { headerOf } from '../core/oneroster/tables.ts';
import type { Day, DayFile } from './generate-district.ts';
import { manifestRows } from './manifest.ts';
import { mix, Random } from './random.ts';

/** Habits of real exporters that an importer must bear (R8): what each does to the files. */
export const DIALECTS = {
  bom: 'a UTF-8 byte order mark before each file',
  crlf: 'lines end in CR LF',
  quoted: 'every cell in quotes',
  shuffled: 'columns and rows in another order',
  dated: 'file names such as 20261123_users.csv',
  folder: 'the files in one enclosing folder',
  status: 'status and dateLastModified filled in every row',
} as const;

export type Dialect = keyof typeof DIALECTS;

/** One file's name and text, in pieces; each piece says how many rows it holds (the header counts for none). */
export interface TextFile {
  /** Relative to the export's root, `/` between folders. */
  readonly path: string;
  /** Without `.csv` and without a date. */
  readonly name: string;
  readonly rowCount: number;
  text(): Iterable<{ readonly text: string; readonly rows: number }>;
}

/** The one folder of the `folder` dialect. */
export const ENCLOSING_FOLDER = 'OneRoster';
const PIECE_CHARACTERS = 128 * 1024;
const SHUFFLE_COLUMNS = 601;
const SHUFFLE_ROWS = 602;

/** The eight files of a day's export, manifest first, in the given dialects. */
export function exportTexts(day: Day, dialects: ReadonlySet<Dialect>): TextFile[] {
  const prefix = dialects.has('dated') ? `${day.date.replaceAll('-', '')}_` : '';
  const folder = dialects.has('folder') ? `${ENCLOSING_FOLDER}/` : '';
  const pathOf = (name: string) => `${folder}${prefix}${name}.csv`;
  const toText = lineWriter(dialects);
  const tables = day.files.map((file): TextFile => {
    const name = FILE_OF_KIND[file.kind];
    return { path: pathOf(name), name, rowCount: file.rowCount, text: () => tableText(day, file, dialects, toText) };
  });
  const rows = manifestRows();
  if (dialects.has('shuffled')) rows.reverse();
  const manifest = () => [
    { text: pieceStart(dialects) + [['propertyName', 'value'], ...rows].map(toText).join(''), rows: rows.length },
  ];
  return [{ path: pathOf('manifest'), name: 'manifest', rowCount: rows.length, text: manifest }, ...tables];
}

const pieceStart = (dialects: ReadonlySet<Dialect>): string => (dialects.has('bom') ? '\uFEFF' : '');

function* tableText(
  day: Day,
  file: DayFile,
  dialects: ReadonlySet<Dialect>,
  toText: (cells: readonly string[]) => string,
) {
  const header = headerOf(file.kind);
  const shuffled = dialects.has('shuffled');
  const salt = mix(SHUFFLE_ROWS, day.number, header.length);
  const columns = header.map((_, at) => at);
  if (shuffled) new Random(day.seed, SHUFFLE_COLUMNS, mix(0, 0, header.length + file.kind.length)).shuffle(columns);
  const order = shuffled ? shuffledRows(file.rowCount, new Random(day.seed, salt)) : null;
  const arrange = (cells: readonly string[]) => (shuffled ? columns.map((at) => cells[at] ?? '') : cells);
  let text = pieceStart(dialects) + toText(arrange(header));
  let rows = 0;
  for (let at = 0; at < file.rowCount; at += 1) {
    const row = order?.[at] ?? at;
    const cells = file.cells(row);
    if (dialects.has('status')) {
      cells[1] = 'active';
      cells[2] = file.lastModified(row);
    }
    text += toText(arrange(cells));
    rows += 1;
    if (text.length < PIECE_CHARACTERS) continue;
    yield { text, rows };
    text = '';
    rows = 0;
  }
  yield { text, rows };
}

function shuffledRows(count: number, random: Random): Uint32Array {
  const order = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) order[at] = at;
  return random.shuffle(order);
}

const NEEDS_QUOTES = /[",\r\n]/;

/** RFC 4180: quotes where a cell needs them (or everywhere), doubled inside. */
function lineWriter(dialects: ReadonlySet<Dialect>): (cells: readonly string[]) => string {
  const end = dialects.has('crlf') ? '\r\n' : '\n';
  const everywhere = dialects.has('quoted');
  return (cells) => {
    // Few rows need quotes at all, and joining makes one flat string where adding up makes a tree of parts.
    if (!everywhere && !anyNeedsQuotes(cells)) return cells.join(',') + end;
    return cells.map((cell) => (everywhere || NEEDS_QUOTES.test(cell) ? quoted(cell) : cell)).join(',') + end;
  };
}

function anyNeedsQuotes(cells: readonly string[]): boolean {
  for (const cell of cells) if (NEEDS_QUOTES.test(cell)) return true;
  return false;
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

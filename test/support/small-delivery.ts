import { readTable } from '../../lib/adapters/csv/csv-table.ts';
import type { Upload, UploadEntry } from '../../lib/core/delivery/upload.ts';
import { FILE_OF_KIND, RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { headerOf } from '../../lib/core/oneroster/tables.ts';

/** A cell as it stands in the file, and what it means: null where it cannot be read. */
export interface SmallCell {
  readonly raw: string;
  readonly means: string | null;
}

/** What is wrong with a row beside its cells. */
export type RowDefect =
  | 'row-short'
  | 'row-long'
  /** A quote in the wrong place of the second cell. */
  | 'stray-quote'
  | 'id-missing'
  | 'id-control'
  | 'id-scientific'
  | 'blank-before-id'
  | 'blank-after-id';

/** One row: a sourcedId, `status` as written, and cells by column name (columns that it lacks are blank). */
export interface SmallRow {
  readonly id: string;
  readonly status: string;
  readonly cells: Readonly<Record<string, SmallCell>>;
  readonly defect: RowDefect | null;
}

/** `header-only` is a bulk file without rows; `absent` is listed absent and not there. */
export type SmallMode = 'bulk' | 'delta' | 'absent' | 'header-only';

export interface SmallFile {
  readonly mode: SmallMode;
  readonly rows: readonly SmallRow[];
}

/** A small delivery as a test thinks of it, before it is text. */
export type SmallDelivery = Readonly<Record<RecordKind, SmallFile>>;

/** How a delivery is written down: nothing of it may matter (R8). */
export interface Writing {
  readonly packaging?: Upload['packaging'];
  /** Sorts columns and files in another way; equal seeds, equal order. */
  readonly shuffle?: <T>(items: readonly T[]) => T[];
  readonly lineEnd?: '\n' | '\r\n';
  readonly quoteAll?: boolean;
}

/** The text of one file. */
export function textOf(kind: RecordKind, file: SmallFile, writing: Writing = {}): string {
  const { shuffle = (items) => [...items], lineEnd = '\r\n', quoteAll = false } = writing;
  const columns = shuffle(headerOf(kind));
  const quote = (text: string) => (quoteAll || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [columns.map(quote).join(',')];
  for (const row of file.rows) {
    const cells = columns.map((column) => quote(rawCell(row, column, file.mode)));
    if (row.defect === 'row-short') cells.pop();
    if (row.defect === 'row-long') cells.push('one too many');
    if (row.defect === 'stray-quote') cells[1] = 'act"ive';
    lines.push(cells.join(','));
  }
  return lines.map((line) => line + lineEnd).join('');
}

function rawCell(row: SmallRow, column: string, mode: SmallMode): string {
  if (column === 'sourcedId') return rawId(row);
  if (column === 'status') return row.status === '' && mode === 'delta' ? 'active' : row.status;
  return row.cells[column]?.raw ?? '';
}

function rawId({ id, defect }: SmallRow): string {
  switch (defect) {
    case 'id-missing':
      return '';
    case 'id-control':
      return `${id}\u0007`;
    case 'id-scientific':
      return '1.234E+15';
    case 'blank-before-id':
      return ` ${id}`;
    case 'blank-after-id':
      return `${id} `;
    default:
      return id;
  }
}

/** An entry of an upload with this text. */
export function entryOf(path: string, text: string | Uint8Array): UploadEntry {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  async function* open() {
    yield bytes.slice();
  }
  return { path, bytes: bytes.byteLength, read: () => readTable(open) };
}

/** An upload of files by name. */
export function uploadOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  packaging: Upload['packaging'] = 'folder',
): Upload {
  return { packaging, entries: Object.entries(files).map(([path, text]) => entryOf(path, text)), faults: [] };
}

/** The files of a delivery with its manifest, by name, in the writing's order. */
export function filesOf(delivery: SmallDelivery, writing: Writing = {}): Record<string, string> {
  const { shuffle = (items) => [...items] } = writing;
  const present = RECORD_KINDS.filter((kind) => delivery[kind].mode !== 'absent');
  const files: [string, string][] = present.map((kind) => [
    `${FILE_OF_KIND[kind]}.csv`,
    textOf(kind, delivery[kind], writing),
  ]);
  files.push(['manifest.csv', manifestOf(delivery)]);
  return Object.fromEntries(shuffle(files));
}

function manifestOf(delivery: SmallDelivery): string {
  const modes = RECORD_KINDS.map((kind) => {
    const { mode } = delivery[kind];
    return `file.${FILE_OF_KIND[kind]},${mode === 'header-only' ? 'bulk' : mode}`;
  });
  return ['propertyName,value', 'manifest.version,1.0', 'oneroster.version,1.1', ...modes, ''].join('\n');
}

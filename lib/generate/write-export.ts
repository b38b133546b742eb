import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { type Dialect, ENCLOSING_FOLDER, exportTexts, type TextFile } from './dialect.ts';
import type { Day } from './generate-district.ts';

/** How a day is written. */
export interface WriteOptions {
  /** One zip file instead of a folder. */
  readonly zip?: boolean;
  readonly dialects?: ReadonlySet<Dialect>;
  /** Called now and then with how many rows were written since the last call. */
  readonly onRows?: (rows: number) => void;
}

/** What was written. `bytes` of a file is its size as CSV, of the export the size on disk (zip: compressed). */
export interface WrittenExport {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  readonly files: Readonly<Record<string, { readonly rows: number; readonly bytes: number }>>;
}

const PLAIN: ReadonlySet<Dialect> = new Set();
const FILE_MODE = 0o100644;

/**
 * Writes one day's export to a folder or a zip file at `path`, streaming; the same day and options give the same bytes.
 * CSV files of an earlier export in that folder are removed first; a zip appears under its name when it is whole.
 */
export async function writeExport(day: Day, path: string, options: WriteOptions = {}): Promise<WrittenExport> {
  const files = exportTexts(day, options.dialects ?? PLAIN);
  const sizes = new Map(files.map((each) => [each.name, 0]));
  const bytesOf = (file: TextFile) => encoded(file, sizes, options.onRows ?? (() => {}));
  const bytes = options.zip
    ? await writeZip(day, path, files, bytesOf)
    : await writeFolder(path, files, bytesOf, sizes);
  const counted = files.map((each) => [each.name, { rows: each.rowCount, bytes: sizes.get(each.name) ?? 0 }] as const);
  const rows = files.reduce((sum, each) => sum + each.rowCount, 0);
  return { path, bytes, rows, files: Object.fromEntries(counted) };
}

/** Writes the `changes` of a day as JSON: what a sync of it must do. */
export async function writeChanges(day: Day, path: string): Promise<void> {
  await writeFile(path, `${JSON.stringify({ changes: day.changes }, null, 2)}\n`);
}

function* encoded(file: TextFile, sizes: Map<string, number>, onRows: (rows: number) => void): Generator<Buffer> {
  for (const { text, rows } of file.text()) {
    const piece = Buffer.from(text);
    sizes.set(file.name, (sizes.get(file.name) ?? 0) + piece.length);
    onRows(rows);
    yield piece;
  }
}

async function writeFolder(
  path: string,
  files: readonly TextFile[],
  bytesOf: (file: TextFile) => Iterable<Buffer>,
  sizes: ReadonlyMap<string, number>,
): Promise<number> {
  await removeOldExport(path, files);
  for (const file of files) {
    const target = join(path, file.path);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(Readable.from(bytesOf(file)), createWriteStream(target));
  }
  return [...sizes.values()].reduce((sum, each) => sum + each, 0);
}

/** Only files that this generator could have written, in whichever dialect. */
async function removeOldExport(path: string, files: readonly TextFile[]): Promise<void> {
  const names = new RegExp(`^(\\d{8}_)?(${files.map((each) => each.name).join('|')})\\.csv$`);
  const found = await readdir(path, { recursive: true }).catch(() => []);
  for (const each of found) {
    const [name = '', folder] = each.split(/[/\\]/).reverse();
    if (names.test(name) && (folder === undefined || folder === ENCLOSING_FOLDER)) await rm(join(path, each));
  }
  await rmdir(join(path, ENCLOSING_FOLDER)).catch(() => {});
}

async function writeZip(
  day: Day,
  path: string,
  files: readonly TextFile[],
  bytesOf: (file: TextFile) => Iterable<Buffer>,
): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const [year = 0, month = 1, date = 1] = day.date.split('-').map(Number);
  // The DOS fields of a zip hold local time and nothing else is written, so that every time zone gets the same bytes.
  const mtime = new Date(year, month - 1, date, 12);
  const zip = new ZipFile();
  const options = { mtime, mode: FILE_MODE, forceDosTimestamp: true };
  for (const file of files) {
    zip.addReadStreamLazy(file.path, options, (give) => give(null, Readable.from(bytesOf(file))));
  }
  zip.end();
  const part = `${path}.part`;
  const target = createWriteStream(part);
  await pipeline(zip.outputStream, target);
  await rename(part, path);
  return target.bytesWritten;
}

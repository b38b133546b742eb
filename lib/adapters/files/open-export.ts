import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isSystemFile } from '../zip/entry-path.ts';
import { openZip } from '../zip/open-zip.ts';
import type { ZipFault, ZipLimits } from '../zip/zip-fault.ts';
import { orExportFailure } from './export-failure.ts';
import { fileAccess, readableSize, readFile } from './file-bytes.ts';

/** One file of an export. */
export interface ExportEntry {
  /** Below the zip or folder, with `/`; the file's name alone for a single file. */
  readonly path: string;
  /** Bytes, expanded. */
  readonly size: number;
  /** The bytes, from the start, each time anew. Throws `BrokenEntry` (zip) or `ExportFailure` (gone meanwhile). */
  open(): AsyncIterable<Uint8Array>;
}

/** An export on this machine (design §2): a zip, a folder of CSV files, or one file. */
export interface LocalExport {
  readonly kind: 'zip' | 'folder' | 'file';
  readonly entries: readonly ExportEntry[];
  /** Paths that were passed over: what systems leave behind, hidden files, and folders (with a `/` at the end). */
  readonly ignored: readonly string[];
  /** Of a zip only; with a fault there are no entries. */
  readonly faults: readonly ZipFault[];
  /** Closes the zip. Entries cannot be read any more. */
  close(): Promise<void>;
}

/**
 * Opens what a path names. A zip is known by its first bytes or its name; a folder is not searched, except that one
 * folder alone in it is entered (R8). Throws `ExportFailure`.
 */
export const openExport = async (path: string, limits: ZipLimits = {}): Promise<LocalExport> => {
  const stats = await orExportFailure(path, () => stat(path));
  if (stats.isDirectory()) return openFolder(path);
  const size = await readableSize(path);
  if (await isZip(path)) return openZipFile(path, size, limits);
  const entry = { path: basename(path), size, open: () => readFile(path) };
  return { kind: 'file', entries: [entry], ignored: [], faults: [], close: nothingToClose };
};

const nothingToClose = async (): Promise<void> => {};

/** First bytes of a zip with entries, without any, and of one that was split. */
const ZIP_STARTS = ['PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0007\u0008'];

const isZip = async (path: string): Promise<boolean> => {
  if (/\.zip$/i.test(path)) return true;
  for await (const chunk of readFile(path)) {
    return ZIP_STARTS.includes(Buffer.from(chunk.subarray(0, 4)).toString('latin1'));
  }
  return false;
};

const openZipFile = async (path: string, size: number, limits: ZipLimits): Promise<LocalExport> => {
  const handle = await orExportFailure(path, () => open(path, 'r'));
  try {
    const archive = await openZip(fileAccess(handle, size), limits);
    return { kind: 'zip', ...archive, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const openFolder = async (folder: string): Promise<LocalExport> => {
  const top = await listFolder(folder, '');
  const [only, ...more] = top.folders;
  const enclosed = top.files.length === 0 && only !== undefined && more.length === 0;
  const found = enclosed ? await listFolder(folder, `${only}/`) : top;
  const ignored = [...(enclosed ? top.ignored : []), ...found.ignored, ...found.folders.map((name) => `${name}/`)];
  const entries = await Promise.all(
    found.files.map(async (path) => {
      const file = join(folder, path);
      return { path, size: await readableSize(file), open: () => readFile(file) };
    }),
  );
  return { kind: 'folder', entries, ignored, faults: [], close: nothingToClose };
};

interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly ignored: readonly string[];
}

/** What lies directly in a folder, in the order of names, each under its path below the export's root. */
const listFolder = async (root: string, prefix: string): Promise<Listing> => {
  const folder = join(root, prefix);
  const names = (await orExportFailure(folder, () => readdir(folder))).sort();
  const files: string[] = [];
  const folders: string[] = [];
  const ignored: string[] = [];
  for (const name of names) {
    const path = `${prefix}${name}`;
    const file = join(folder, name);
    const isFolder = (await orExportFailure(file, () => stat(file))).isDirectory();
    if (name.startsWith('.') || isSystemFile(path)) ignored.push(isFolder ? `${path}/` : path);
    else if (isFolder) folders.push(path);
    else files.push(path);
  }
  return { files, folders, ignored };
};

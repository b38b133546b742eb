import type { FindingCode } from '../oneroster/finding-codes.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import { SEPARATOR_NAMES } from '../oneroster/header.ts';
import { KIND_OF_FILE, ROSTERING_FILES, type RosterFile } from '../oneroster/kinds.ts';
import { headerOf, LEADING_COLUMNS, TABLES } from '../oneroster/tables.ts';
import { isUsersHeaderOf1p2 } from '../oneroster/version-1p2.ts';
import { type OneRosterFile, recogniseFileName } from './file-names.ts';
import { recogniseLookAlike } from './look-alikes.ts';
import { type FileMode, type Manifest, type OneRosterVersion, readManifest } from './manifest.ts';
import type { FileRow } from './table-file.ts';
import type { Upload, UploadEntry, UploadVerdict } from './upload.ts';

/** A OneRoster file of the upload. */
export interface SurveyedFile {
  readonly file: OneRosterFile;
  /** Name as found, for findings. */
  readonly name: string;
  readonly mode: FileMode;
  readonly entry: UploadEntry;
  /** Header cells; null where not even a header could be read. */
  readonly header: readonly string[] | null;
}

/** What an upload is, before any row of data is read. */
export interface Survey {
  readonly version: OneRosterVersion | null;
  readonly files: ReadonlyMap<OneRosterFile, SurveyedFile>;
  readonly verdict: UploadVerdict;
  /** Every file that belongs to the set is there (R16), readable or not. */
  readonly complete: boolean;
  /** manifest.csv was there and decides which files belong to the set. */
  readonly hasManifest: boolean;
  /** At least one file that will be read is a delta (R15). */
  readonly hasDelta: boolean;
}

interface Peek {
  readonly entry: UploadEntry;
  readonly name: string;
  readonly rows: readonly FileRow[];
  readonly fault: { code: FindingCode; row: number | null; params: Readonly<Record<string, string>> } | null;
}

/** Rows of manifest.csv that are looked at; a real one has 17 to 28. */
const MAX_MANIFEST_ROWS = 500;

/** Recognises files, manifest, version and look-alikes (R7, R8, R9). Reads no more than headers and manifest.csv. */
export async function surveyUpload(upload: Upload, log: FindingLog): Promise<Survey> {
  upload.faults.forEach((code, i) => {
    log.add(code, { file: shownPath(upload.faultPaths?.[i] ?? null) });
  });
  const rejected: Survey = {
    version: null,
    files: new Map(),
    verdict: 'rejected',
    complete: true,
    hasManifest: false,
    hasDelta: false,
  };
  if (upload.faults.length > 0) return rejected;
  const peeks = await peekEntries(upload, log);
  const headers = new Map(peeks.map((peek) => [peek.name, peek.rows[0]?.cells ?? []]));
  const recognised = recogniseFiles(upload, peeks, log);
  const product = recogniseLookAlike(headers);
  if (product !== null && !recognised.found.has('manifest')) {
    log.add('look-alike', {}, { product });
    return rejected;
  }
  if (recognised.found.size === 0) {
    log.add('no-roster-file');
    return rejected;
  }
  const { manifest, sound } = takeManifest(recognised.found, upload, log);
  // A manifest that says nothing about any file cannot say which files there are.
  const listed = manifest !== null && manifest.modes.size > 0 ? manifest : null;
  const files = new Map<OneRosterFile, SurveyedFile>();
  let faulty = false;
  for (const [file, peek] of recognised.found) {
    if (file === 'manifest') continue;
    const stored = isRead(file);
    const known = modeOf(file, peek, manifest, upload, log);
    if (known === null && stored) faulty = true;
    const mode = known ?? 'bulk';
    if (mode !== 'absent' && !stored) log.add('not-stored-file', { file: peek.name });
    if (mode !== 'absent' && stored && peek.fault !== null) {
      log.add(peek.fault.code, { file: peek.name, row: peek.fault.row }, peek.fault.params);
      faulty = true;
    }
    // Behind a damaged header every column would seem to be missing.
    const header = peek.fault === null ? (peek.rows[0]?.cells ?? null) : null;
    files.set(file, { file, name: peek.name, mode, entry: peek.entry, header });
  }
  const complete = upload.packaging === 'file' || reportMissingFiles(listed, files, log);
  const version = manifest?.version ?? versionByHeaders(files, log);
  const usable = sound && !recognised.twice && !faulty;
  const verdict = usable ? (complete ? 'accepted' : 'incomplete') : 'rejected';
  const hasDelta = [...files.values()].some(({ file, mode }) => mode === 'delta' && isRead(file));
  return { version, files, verdict, complete, hasManifest: listed !== null, hasDelta };
}

/** Longest path of a refused package that is shown: enough to find the entry by. */
const MAX_SHOWN_PATH = 100;

/** A path that may have been refused for what is in it: without control characters, and not too long. */
const shownPath = (path: string | null): string | null =>
  path === null ? null : path.slice(0, MAX_SHOWN_PATH).replaceAll(/\p{Cc}/gu, '?');

/** Whether the rows of a file count for anything here. */
const isRead = (file: OneRosterFile): boolean => file in KIND_OF_FILE || file === 'roles';

async function peekEntries(upload: Upload, log: FindingLog): Promise<Peek[]> {
  const inFolder = enclosingFolder(upload.entries);
  if (inFolder !== '') log.add('enclosing-folder');
  const peeks: Peek[] = [];
  for (const entry of upload.entries) {
    const name = entry.path.startsWith(inFolder) ? entry.path.slice(inFolder.length) : entry.path;
    if (name.includes('/') || !entry.path.startsWith(inFolder) || !/\.csv$/i.test(name)) {
      log.add('stray-file', { file: name });
      continue;
    }
    peeks.push(await peekEntry(entry, name));
  }
  return peeks;
}

/** The one folder that all OneRoster files lie in, with its slash; '' where they lie at the root or in several. */
function enclosingFolder(entries: readonly UploadEntry[]): string {
  const csv = entries.filter(({ path }) => /\.csv$/i.test(path)).map(({ path }) => path);
  const known = csv.filter((path) => recogniseFileName(path.slice(path.lastIndexOf('/') + 1)) !== null);
  const folders = new Set((known.length > 0 ? known : csv).map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const [only = ''] = folders;
  return folders.size === 1 && only.indexOf('/') === only.length - 1 ? only : '';
}

async function peekEntry(entry: UploadEntry, name: string): Promise<Peek> {
  const wanted = recogniseFileName(name)?.file === 'manifest' ? MAX_MANIFEST_ROWS : 1;
  const rows: FileRow[] = [];
  for await (const event of entry.read()) {
    if (event.type === 'fault') {
      const likely = event.likelyEncoding === undefined ? '' : `; it looks like ${event.likelyEncoding}`;
      return { entry, name, rows, fault: { code: event.code, row: event.row, params: { likely } } };
    }
    if (event.type === 'rows') rows.push(...event.rows.slice(0, wanted - rows.length));
    if (rows.length >= wanted) break;
  }
  const first = rows[0];
  if (first === undefined) return { entry, name, rows, fault: { code: 'empty-file', row: null, params: {} } };
  if (first.foreignSeparator !== undefined) {
    const params = { separator: SEPARATOR_NAMES[first.foreignSeparator] };
    return { entry, name, rows, fault: { code: 'wrong-separator', row: first.row, params } };
  }
  if (first.fault !== null) return { entry, name, rows, fault: { code: first.fault, row: first.row, params: {} } };
  return { entry, name, rows, fault: null };
}

function recogniseFiles(upload: Upload, peeks: readonly Peek[], log: FindingLog) {
  const found = new Map<OneRosterFile, Peek>();
  let twice = false;
  for (const peek of peeks) {
    const named = recogniseFileName(peek.name);
    const file = named?.file ?? (upload.packaging === 'file' ? guessByHeader(peek) : null);
    if (file === null) {
      log.add('stray-file', { file: peek.name });
      continue;
    }
    if (found.has(file)) {
      log.add('duplicate-file', { file: peek.name });
      twice = true;
      continue;
    }
    if (named?.exact !== true) log.add('file-name-dialect', { file: peek.name }, { expected: `${file}.csv` });
    found.set(file, peek);
  }
  return { found, twice };
}

/** For `check` of one file under any name: the one table whose required columns it all has. */
function guessByHeader(peek: Peek): RosterFile | null {
  const cells = new Set(peek.rows[0]?.cells ?? []);
  const fits = (Object.keys(KIND_OF_FILE) as RosterFile[]).filter((file) => {
    const required = TABLES[KIND_OF_FILE[file]].columns.filter((column) => column.required);
    return required.length > 0 && cells.has('sourcedId') && required.every((column) => cells.has(column.name));
  });
  return fits.length === 1 ? fits[0]! : null;
}

function takeManifest(
  found: ReadonlyMap<OneRosterFile, Peek>,
  upload: Upload,
  log: FindingLog,
): { manifest: Manifest | null; sound: boolean } {
  const peek = found.get('manifest');
  if (peek === undefined) {
    if (upload.packaging !== 'file') log.add('manifest-missing');
    return { manifest: null, sound: true };
  }
  if (peek.fault !== null) {
    log.add(peek.fault.code, { file: peek.name, row: peek.fault.row }, peek.fault.params);
    log.add('manifest-unreadable', { file: peek.name });
    return { manifest: null, sound: false };
  }
  return readManifest(peek.rows, peek.name, log);
}

/**
 * R4: the file's mode is what manifest.csv says, else bulk. Null where the manifest speaks of deltas and has no mode for
 * this one: to read a delta as bulk would remove everybody whom it does not name (R16).
 */
function modeOf(
  file: OneRosterFile,
  peek: Peek,
  manifest: Manifest | null,
  upload: Upload,
  log: FindingLog,
): FileMode | null {
  const mode = manifest?.modes.get(file);
  if (mode === 'absent') log.add('listed-absent', { file: peek.name });
  if (mode !== undefined) return mode;
  if (manifest?.mentionsDelta === true && isRead(file)) {
    log.add('manifest-mode-missing', { file: peek.name });
    return null;
  }
  if (manifest !== null && upload.packaging !== 'file') log.add('manifest-unlisted', { file: peek.name });
  return 'bulk';
}

/** R7: listed but not there, or (without a manifest) not all six rostering files. True: nothing is missing. */
function reportMissingFiles(
  manifest: Manifest | null,
  files: ReadonlyMap<OneRosterFile, SurveyedFile>,
  log: FindingLog,
): boolean {
  let complete = true;
  if (manifest === null) {
    for (const file of ROSTERING_FILES) {
      if (files.has(file)) continue;
      log.add('rostering-file-missing', { file: `${file}.csv` }, { file: `${file}.csv` });
      complete = false;
    }
    return complete;
  }
  for (const [file, mode] of manifest.modes) {
    if (mode === 'absent' || files.has(file)) continue;
    log.add('file-missing', { file: `${file}.csv` }, { file: `${file}.csv`, mode });
    complete = false;
  }
  return complete;
}

/** Columns that only OneRoster 1.0 has (facts §8). */
const COLUMNS_OF_1_0: Readonly<Partial<Record<OneRosterFile, readonly string[]>>> = {
  users: ['userId', 'agents'],
  classes: ['termSourcedId', 'grade'],
  courses: ['schoolYearId', 'grade'],
  demographics: ['userSourcedId', 'birthdate'],
};

function versionByHeaders(files: ReadonlyMap<OneRosterFile, SurveyedFile>, log: FindingLog): OneRosterVersion | null {
  for (const [file, columns] of Object.entries(COLUMNS_OF_1_0)) {
    const surveyed = files.get(file as OneRosterFile);
    if (surveyed?.header && columns.some((column) => surveyed.header?.includes(column))) {
      log.add('version-1.0');
      return '1.0';
    }
  }
  const users = files.get('users')?.header ?? [];
  if ((files.has('roles') && !users.includes('role')) || isUsersHeaderOf1p2(users)) return '1.2';
  const known = [...files.values()].some(({ file, header }) => isTable(file) && shares(header ?? [], file));
  return known ? '1.1' : null;
}

const isTable = (file: OneRosterFile): file is RosterFile => file in KIND_OF_FILE;

/** Whether a header has more of the standard's columns than only the three that every table starts with. */
const shares = (header: readonly string[], file: RosterFile): boolean =>
  headerOf(KIND_OF_FILE[file]).some(
    (name) => !(LEADING_COLUMNS as readonly string[]).includes(name) && header.includes(name),
  );

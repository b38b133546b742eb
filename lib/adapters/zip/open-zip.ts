import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { isSpecialFile, isSystemFile, isUnsafePath } from './entry-path.ts';
import type { RandomAccess } from './random-access.ts';
import { RangeReader } from './range-reader.ts';
import { type OpenArchive, readEntry } from './read-entry.ts';
import { DEFAULT_ZIP_LIMITS, RATIO_FLOOR_BYTES, type ZipFault, type ZipLimits } from './zip-fault.ts';

/** One file of an archive. */
export interface ZipEntry {
  /** With `/` between folders, `./` at the start left out. */
  readonly path: string;
  /** Bytes when expanded, as the archive says; `open` holds it to that. */
  readonly size: number;
  /** The expanded bytes, from the start, each time anew; throws `BrokenEntry` where they are not what was promised. */
  open(): AsyncIterable<Uint8Array>;
}

/** What an archive holds. With a fault there are no entries: nothing of a refused archive can be read by mistake. */
export interface ZipArchive {
  readonly entries: readonly ZipEntry[];
  /** Paths of files that operating systems leave behind (`__MACOSX/…`, `.DS_Store`, `Thumbs.db`). */
  readonly ignored: readonly string[];
  readonly faults: readonly ZipFault[];
}

/**
 * Opens an archive through its directory and the headers of its entries, without reading any entry (R7, R8, R16).
 *
 * Read: stored and deflated entries, zip64, data descriptors, UTF-8 and CP437 names, a comment. A folder's own entry
 * is skipped; a zip inside the zip is an entry like any other stray file. Bytes before the archive or after its end
 * record (other than its comment) are `zip-broken`: such bytes are what an upload over an older file leaves.
 * Throws only what the source throws.
 */
export const openZip = async (source: RandomAccess, limits: ZipLimits = {}): Promise<ZipArchive> => {
  const reader = await RangeReader.open(source);
  try {
    const options = { autoClose: false, decodeStrings: false };
    const zipFile = await fromRandomAccessReaderPromise(reader, source.size, options);
    const bounds = { ...DEFAULT_ZIP_LIMITS, ...limits };
    if (zipFile.entryCount > bounds.maxEntries) return refused([{ code: 'zip-too-many-entries', path: null }]);
    const found = await readDirectory(zipFile);
    if (!(await endsAsPromised(reader, zipFile)) || overlaps(found) || found.some(isFolderWithBytes)) {
      return refused([{ code: 'zip-broken', path: null }]);
    }
    const faults = [...found.flatMap(faultsOfEntry), ...duplicates(found), ...bombs(found, source.size, bounds)];
    if (faults.length > 0) return refused(faults);
    const named = await Promise.all(found.map(({ entry }) => isNamedAlike(reader, entry)));
    if (named.includes(false)) return refused([{ code: 'zip-broken', path: null }]);
    return contentsOf({ source, reader, zipFile }, found);
  } catch (error) {
    if (reader.failure !== null) throw reader.failure.error;
    // The one error of yauzl that says more than "broken", and it comes before the entry itself.
    const encrypted = error instanceof Error && error.message === 'strong encryption is not supported';
    return refused([{ code: encrypted ? 'zip-encrypted' : 'zip-broken', path: null }]);
  }
};

interface FoundEntry {
  readonly path: string;
  readonly entry: Entry;
}

const refused = (faults: readonly ZipFault[]): ZipArchive => ({ entries: [], ignored: [], faults });

const readDirectory = async (zipFile: ZipFile): Promise<FoundEntry[]> => {
  const found: FoundEntry[] = [];
  for await (const entry of zipFile.eachEntry()) {
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
    found.push({ path: name.replace(/^(\.\/)+/, ''), entry });
  }
  return found;
};

const END_RECORDS = new Set([0x06054b50, 0x06064b50, 0x05054b50]);

/** An end record (zip64's, or a signature) follows the last entry: the count of entries was not changed or cut. */
const endsAsPromised = async (reader: RangeReader, zipFile: ZipFile): Promise<boolean> => {
  // After the last entry yauzl's cursor stands behind it; its types say boolean, which is a slip.
  const cursor = zipFile.readEntryCursor as unknown as number;
  const signature = await reader.bytes(cursor, cursor + 4);
  return signature.length === 4 && END_RECORDS.has(signature.readUInt32LE(0));
};

const LOCAL_HEADER = 0x04034b50;
/** Bytes of a local header before its name. */
const LOCAL_HEADER_BYTES = 30;

/**
 * Whether an entry's own header has the name that the directory gives it. No checksum covers names, and a manifest.csv
 * under another name turns changes into full files. One read for an entry that lies before the archive's tail.
 */
const isNamedAlike = async (reader: RangeReader, entry: Entry): Promise<boolean> => {
  const start = entry.relativeOffsetOfLocalHeader;
  const header = await reader.bytes(start, start + LOCAL_HEADER_BYTES + entry.fileNameLength);
  return (
    header.length === LOCAL_HEADER_BYTES + entry.fileNameLength &&
    header.readUInt32LE(0) === LOCAL_HEADER &&
    header.readUInt16LE(26) === entry.fileNameLength &&
    header.subarray(LOCAL_HEADER_BYTES).equals(entry.fileNameRaw)
  );
};

/** Two entries that share bytes: no honest writer makes that, bombs do. */
const overlaps = (found: readonly FoundEntry[]): boolean => {
  const entries = found.map(({ entry }) => entry);
  entries.sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  return entries.some((entry, i) => {
    const next = entries[i + 1];
    const leastEnd = entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameLength + entry.compressedSize;
    return next !== undefined && leastEnd > next.relativeOffsetOfLocalHeader;
  });
};

/** A file whose name was damaged so that it looks like a folder must not be passed over. */
const isFolderWithBytes = ({ path, entry }: FoundEntry): boolean => path.endsWith('/') && entry.uncompressedSize > 0;

const faultsOfEntry = ({ path, entry }: FoundEntry): ZipFault[] => {
  if (entry.isEncrypted()) return [{ code: 'zip-encrypted', path }];
  if (isUnsafePath(path) || isSpecialFile(entry)) return [{ code: 'zip-unsafe-path', path }];
  return entry.canDecodeFileData() ? [] : [{ code: 'zip-method', path }];
};

const duplicates = (found: readonly FoundEntry[]): ZipFault[] => {
  const seen = new Set<string>();
  return found.flatMap(({ path }) => {
    const key = path.normalize('NFC').toLowerCase();
    if (seen.has(key)) return [{ code: 'zip-duplicate-entry' as const, path }];
    seen.add(key);
    return [];
  });
};

const bombs = (found: readonly FoundEntry[], archiveBytes: number, bounds: Required<ZipLimits>): ZipFault[] => {
  const expandedBytes = found.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  if (expandedBytes > bounds.maxExpandedBytes) return [{ code: 'zip-too-large', path: null }];
  const isBomb = (expanded: number, compressed: number) =>
    expanded > RATIO_FLOOR_BYTES && expanded > compressed * bounds.maxRatio;
  const entries = found.filter(({ entry }) => isBomb(entry.uncompressedSize, entry.compressedSize));
  if (entries.length > 0) return entries.map(({ path }) => ({ code: 'zip-ratio', path }));
  return isBomb(expandedBytes, archiveBytes) ? [{ code: 'zip-ratio', path: null }] : [];
};

const contentsOf = (archive: OpenArchive, found: readonly FoundEntry[]): ZipArchive => {
  const files = found.filter(({ path }) => !path.endsWith('/'));
  return {
    entries: files
      .filter(({ path }) => !isSystemFile(path))
      .map(({ path, entry }) => ({ path, size: entry.uncompressedSize, open: () => readEntry(archive, entry) })),
    ignored: files.map(({ path }) => path).filter(isSystemFile),
    faults: [],
  };
};

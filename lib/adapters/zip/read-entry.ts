import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { BrokenEntry } from './broken-entry.ts';
import type { RandomAccess } from './random-access.ts';
import type { RangeReader } from './range-reader.ts';

const DEFLATE = 8;
const INFLATE_CHUNK_BYTES = 64 * 1024;

/** An opened archive as the reading of one of its entries needs it. */
export interface OpenArchive {
  readonly source: RandomAccess;
  readonly reader: RangeReader;
  readonly zipFile: ZipFile;
}

/**
 * The expanded bytes of a stored or deflated entry, in bounded memory. Length and CRC-32 are compared with the
 * archive's directory: more bytes than promised stop the reading at once, fewer or other ones end it.
 * Throws `BrokenEntry` for what is wrong with the archive; errors of the source pass through unchanged.
 */
export async function* readEntry(archive: OpenArchive, entry: Entry): AsyncGenerator<Buffer, void, undefined> {
  const compressed = await locate(archive, entry);
  let length = 0;
  let checksum = 0;
  try {
    // An empty file that is called deflated, but without even an empty deflate stream, is an empty file all the same.
    const isDeflated = entry.compressionMethod === DEFLATE && entry.compressedSize > 0;
    for await (const chunk of isDeflated ? inflate(compressed.read()) : compressed.read()) {
      length += chunk.length;
      if (length > entry.uncompressedSize) throw new BrokenEntry('an entry is longer than its archive says');
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof BrokenEntry) throw error;
    if (compressed.failed()) throw error;
    throw new BrokenEntry('an entry cannot be inflated', { cause: error });
  }
  if (length < entry.uncompressedSize) throw new BrokenEntry('an entry is shorter than its archive says');
  if (checksum !== entry.crc32) throw new BrokenEntry('an entry has another checksum than its archive says');
}

interface CompressedBytes {
  read(): AsyncIterable<Buffer>;
  /** Whether reading ended with an error of the source. */
  failed(): boolean;
}

/** Finds the data of an entry through its local header. */
const locate = async ({ source, reader, zipFile }: OpenArchive, entry: Entry): Promise<CompressedBytes> => {
  const start = await zipFile.readLocalFileHeaderPromise(entry, { minimal: true }).then(
    (header) => header.fileDataStart,
    (error: unknown) => {
      if (reader.failure !== null) throw reader.failure.error;
      throw new BrokenEntry('an entry is not where its archive says', { cause: error });
    },
  );
  let failed = false;
  const read = async function* (): AsyncGenerator<Buffer, void, undefined> {
    if (entry.compressedSize === 0) return;
    const chunks = source.read(start, start + entry.compressedSize)[Symbol.asyncIterator]();
    let done = false;
    try {
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          failed = true;
          throw error;
        });
        done = next.done === true;
        if (next.done === true) return;
        yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
    } finally {
      if (!done && !failed) await chunks.return?.();
    }
  };
  return { read, failed: () => failed };
};

/** Inflates; leaving the loop early closes the source too. */
const inflate = (compressed: AsyncIterable<Buffer>): AsyncIterable<Buffer> => {
  const inflater = createInflateRaw({ chunkSize: INFLATE_CHUNK_BYTES });
  // The callback has nothing to do: an error destroys the inflater with it, and reaches whoever reads from there.
  pipeline(Readable.from(compressed, { objectMode: false }), inflater, () => {});
  return inflater;
};

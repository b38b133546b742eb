import { Readable } from 'node:stream';
import { type EndOptions, type Options, ZipFile } from 'yazl';
import { openZip, type ZipArchive, type ZipEntry } from '../../../lib/adapters/zip/open-zip.ts';
import type { RandomAccess } from '../../../lib/adapters/zip/random-access.ts';
import type { ZipLimits } from '../../../lib/adapters/zip/zip-fault.ts';

/** A file to be packed. `streamed` makes yazl write a data descriptor, because the length is not known beforehand. */
export interface Packed {
  readonly path: string;
  readonly content: string | Buffer;
  readonly options?: Partial<Options>;
  readonly streamed?: boolean;
}

const MTIME = new Date('2026-11-23T01:02:04Z');

/** Builds an archive; names that end with `/` are folders. */
export const makeZip = async (files: readonly Packed[], end: Partial<EndOptions> = {}): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const { path, content, options, streamed } of files) {
    const bytes = Buffer.from(content);
    if (path.endsWith('/')) zip.addEmptyDirectory(path, { mtime: MTIME });
    else if (streamed) zip.addReadStream(Readable.from([bytes]), path, { mtime: MTIME, ...options });
    else zip.addBuffer(bytes, path, { mtime: MTIME, ...options });
  }
  zip.end(end as EndOptions);
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** A buffer as a source, that counts how it is read. */
export const accessOf = (bytes: Buffer, chunkBytes = 64 * 1024): RandomAccess & { reads: number; closed: number } => {
  const source = {
    size: bytes.length,
    reads: 0,
    closed: 0,
    async *read(start: number, endExclusive: number): AsyncGenerator<Uint8Array> {
      if (!(start >= 0 && start < endExclusive && endExclusive <= bytes.length)) throw new Error('bad range');
      source.reads += 1;
      try {
        for (let at = start; at < endExclusive; at += chunkBytes) {
          yield Buffer.from(bytes.subarray(at, Math.min(at + chunkBytes, endExclusive)));
        }
      } finally {
        source.closed += 1;
      }
    },
  };
  return source;
};

/** Opens an archive that is held in memory. */
export const openBytes = (bytes: Buffer, limits: ZipLimits = {}): Promise<ZipArchive> =>
  openZip(accessOf(bytes), limits);

/** All bytes of an entry. */
export const drain = async (entry: Pick<ZipEntry, 'open'>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** Paths and texts of an archive without faults. */
export const textsOf = async (archive: Pick<ZipArchive, 'entries' | 'faults'>): Promise<Record<string, string>> => {
  expect(archive.faults).toEqual([]);
  const texts: Record<string, string> = {};
  for (const entry of archive.entries) {
    const bytes = await drain(entry);
    expect(bytes.length).toBe(entry.size);
    texts[entry.path] = bytes.toString('utf8');
  }
  return texts;
};

/** Where the headers of each entry are, by APPNOTE 4.3.7 and 4.3.12 (no zip64). */
export const headersOf = (zip: Buffer): { readonly central: number; readonly local: number }[] => {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  const headers: { central: number; local: number }[] = [];
  let central = zip.readUInt32LE(end + 16);
  for (let i = 0; i < zip.readUInt16LE(end + 10); i += 1) {
    headers.push({ central, local: zip.readUInt32LE(central + 42) });
    central += 46 + zip.readUInt16LE(central + 28) + zip.readUInt16LE(central + 30) + zip.readUInt16LE(central + 32);
  }
  return headers;
};

/** Fields of a central header by their offset. */
export const CENTRAL = {
  flags: 8,
  method: 10,
  crc: 16,
  compressed: 20,
  expanded: 24,
  attributes: 38,
  local: 42,
  name: 46,
};

/** A copy of the archive in which `change` was done to the central header of one entry. */
export const patched = (zip: Buffer, index: number, change: (copy: Buffer, central: number) => void): Buffer => {
  const copy = Buffer.from(zip);
  const header = headersOf(copy)[index];
  if (header === undefined) throw new Error(`no entry ${index}`);
  change(copy, header.central);
  return copy;
};

/** A copy in which the name of an entry starts with `start`, in its own header and in the directory. */
export const renamed = (zip: Buffer, index: number, start: Buffer): Buffer =>
  patched(zip, index, (copy, central) => {
    start.copy(copy, central + CENTRAL.name);
    start.copy(copy, copy.readUInt32LE(central + CENTRAL.local) + 30);
  });

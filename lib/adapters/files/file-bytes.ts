import { constants } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import type { RandomAccess } from '../zip/random-access.ts';
import { ExportFailure, orExportFailure } from './export-failure.ts';

const CHUNK_BYTES = 256 * 1024;

/** Size of a regular file that may be read. Throws `ExportFailure`. */
export const readableSize = (path: string): Promise<number> =>
  orExportFailure(path, async () => {
    const stats = await stat(path);
    if (!stats.isFile()) throw new ExportFailure('not-readable', path);
    await access(path, constants.R_OK);
    return stats.size;
  });

/** An open file as the zip reader needs it; the handle stays its owner's to close. */
export const fileAccess = (handle: FileHandle, size: number): RandomAccess => ({
  size,
  read: (start, endExclusive) => readRange(handle, start, endExclusive),
});

/** The bytes of a file, from the start; it is open only while it is read. Throws `ExportFailure`. */
export async function* readFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await orExportFailure(path, () => open(path, 'r'));
  try {
    yield* readRange(handle, 0, Number.POSITIVE_INFINITY);
  } finally {
    await handle.close();
  }
}

async function* readRange(
  handle: FileHandle,
  start: number,
  endExclusive: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let position = start; position < endExclusive; ) {
    const length = Math.min(CHUNK_BYTES, endExclusive - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

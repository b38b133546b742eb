import { RandomAccessReader } from 'yauzl';
import { type RandomAccess, readBytes } from './random-access.ts';

/**
 * Bytes at the end of an archive that are fetched once: the end record with the longest comment takes 64 KiB, and the
 * directory of 200 entries about 20 KiB. So opening an archive in S3 is one request, not two for each entry.
 */
const TAIL_BYTES = 128 * 1024;

/** What yauzl reads an archive through. */
export class RangeReader extends RandomAccessReader {
  readonly #source: RandomAccess;
  readonly #tailStart: number;
  readonly #tail: Buffer;
  /** The error of the source, if it had one: yauzl's own errors are about the archive, this one is not. */
  failure: { readonly error: unknown } | null = null;

  private constructor(source: RandomAccess, tailStart: number, tail: Buffer) {
    super();
    this.#source = source;
    this.#tailStart = tailStart;
    this.#tail = tail;
  }

  static async open(source: RandomAccess): Promise<RangeReader> {
    const tailStart = Math.max(0, source.size - TAIL_BYTES);
    const tail = source.size === 0 ? Buffer.alloc(0) : await readBytes(source, tailStart, source.size);
    return new RangeReader(source, tailStart, tail);
  }

  /** The bytes of a range as far as the archive has them. */
  async bytes(start: number, endExclusive: number): Promise<Buffer> {
    const end = Math.min(endExclusive, this.#source.size);
    if (!(start >= 0 && start < end)) return Buffer.alloc(0);
    if (start >= this.#tailStart) return this.#tail.subarray(start - this.#tailStart, end - this.#tailStart);
    try {
      return await readBytes(this.#source, start, end);
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }

  /** yauzl's way of reading: a short read is a callback without its `bytesRead`. */
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.bytes(position, position + length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        callback(bytes.length < length ? new Error('unexpected end of the archive') : null);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }
}

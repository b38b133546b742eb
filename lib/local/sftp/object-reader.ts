import type { FoundObject, ObjectTree } from './object-tree.ts';

/** Bytes asked of S3 at once. Clients ask for 32 KiB at a time, sixty-four requests ahead: 2 MiB. */
const BLOCK_BYTES = 1024 * 1024;

/** Longest answer to one READ: what OpenSSH takes in a packet of 256 KiB. */
const MAX_READ_BYTES = 255 * 1024;

/** Blocks kept: those that a client reading ahead is in, with one to spare. */
const KEPT_BLOCKS = 4;

/** Reads an object at any offset, by ranged requests. */
export class ObjectReader {
  readonly object: FoundObject;
  readonly #tree: ObjectTree;
  readonly #blocks = new Map<number, Promise<Uint8Array>>();

  constructor(tree: ObjectTree, object: FoundObject) {
    this.#tree = tree;
    this.object = object;
  }

  /** The bytes from `offset`, `length` of them or as many as there are; null at the end of the file. */
  async read(offset: number, length: number): Promise<Buffer | null> {
    const end = Math.min(offset + Math.min(length, MAX_READ_BYTES), this.object.sizeBytes);
    if (!(offset < end)) return null;
    const pieces: Uint8Array[] = [];
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / BLOCK_BYTES);
      const start = number * BLOCK_BYTES;
      const stop = Math.min(end, start + BLOCK_BYTES);
      pieces.push((await this.#block(number)).subarray(at - start, stop - start));
      at = stop;
    }
    return Buffer.concat(pieces);
  }

  #block(number: number): Promise<Uint8Array> {
    const kept = this.#blocks.get(number);
    if (kept) return kept;
    const start = number * BLOCK_BYTES;
    const block = this.#tree.read(this.object, start, Math.min(start + BLOCK_BYTES, this.object.sizeBytes) - 1);
    this.#blocks.set(number, block);
    block.catch(() => this.#blocks.delete(number));
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > KEPT_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }
}

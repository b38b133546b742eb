import { FIELD_SEPARATOR } from '../oneroster/record-line.ts';

/** What the rows of one sourcedId amount to. */
export const ROW_USABLE = 1;
/** A row that deactivates its record and says nothing else (R4). */
export const ROW_REMOVE = 2;
/** At least one row with an error: the record keeps what the table has (R5). */
export const ROW_DAMAGED = 3;

const STATE_MASK = 3;
const SEEN = 4;
const SELF = 8;
const PENDING = 16;

const CHUNK_BITS = 23;
const CHUNK = 1 << CHUNK_BITS;
/** The first chunk starts small and doubles up to `CHUNK`: most files of most districts need no more. */
const FIRST_CHUNK = 1 << 14;
const FIRST_ROWS = 128;
const SEPARATOR = FIELD_SEPARATOR.charCodeAt(0);
const END = 0x0a;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The rows of one file as record lines in a few large byte arrays, with a hash index by sourcedId: millions of rows cost
 * their bytes and about 20 more each, and nothing that the garbage collector has to walk.
 * Lines hold no control characters except the field separator, so a line feed ends each. At most 4 GiB of lines.
 */
export class RowStore {
  #chunks: Uint8Array[] = [];
  #position = 0;
  #offsets = new Uint32Array(FIRST_ROWS);
  #hashes = new Uint32Array(FIRST_ROWS);
  #rows = new Uint32Array(FIRST_ROWS);
  #flags = new Uint8Array(FIRST_ROWS);
  #slots = new Int32Array(2 * FIRST_ROWS);
  #count = 0;

  /** Number of different sourcedIds. */
  get count(): number {
    return this.#count;
  }

  /** Adds a line under an id that is not in the store. `row` is the physical line in the file. */
  append(id: string, line: string, state: number, row: number): number {
    if (this.#count === this.#offsets.length) this.#grow();
    const index = this.#count++;
    this.#offsets[index] = this.#put(line);
    const hash = hashOf(id);
    this.#hashes[index] = hash;
    this.#rows[index] = row;
    this.#flags[index] = state;
    this.#insert(index, hash);
    return index;
  }

  /** Index of an id, or -1. */
  find(id: string): number {
    const hash = hashOf(id);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = this.#slots[slot]! - 1;
      if (index < 0) return -1;
      if (this.#hashes[index] === hash && this.#startsWith(index, id)) return index;
    }
  }

  state(index: number): number {
    return this.#flags[index]! & STATE_MASK;
  }

  setState(index: number, state: number): void {
    this.#flags[index] = (this.#flags[index]! & ~STATE_MASK) | state;
  }

  rowOf(index: number): number {
    return this.#rows[index]!;
  }

  /** The table has a record of this id. */
  markSeen(index: number): void {
    this.#flags[index] = this.#flags[index]! | SEEN;
  }

  wasSeen(index: number): boolean {
    return (this.#flags[index]! & SEEN) !== 0;
  }

  /** The line refers to records of its own kind. */
  markSelf(index: number): void {
    this.#flags[index] = this.#flags[index]! | SELF;
  }

  refersToSelf(index: number): boolean {
    return (this.#flags[index]! & SELF) !== 0;
  }

  /** Its references to its own kind are decided only after the table was read. */
  markPending(index: number): void {
    this.#flags[index] = this.#flags[index]! | PENDING;
  }

  isPending(index: number): boolean {
    return (this.#flags[index]! & PENDING) !== 0;
  }

  line(index: number): string {
    return this.#textUntil(END, index);
  }

  /** The sourcedId of a line, without the rest of it. */
  id(index: number): string {
    return this.#textUntil(SEPARATOR, index);
  }

  /** Hash of the id in lower case; -1 for an id without letters, which is the same in either case. */
  foldedHash(index: number): number {
    const offset = this.#offsets[index]!;
    const chunk = this.#chunks[offset >>> CHUNK_BITS]!;
    let hash = HASH_START;
    let letters = false;
    for (let at = offset & (CHUNK - 1); ; at++) {
      let code = chunk[at]!;
      if (code === SEPARATOR) return letters ? mixed(hash) : -1;
      if (code > 0x7f) return foldedTextHash(this.id(index));
      if (code >= 0x41 && code <= 0x5a) code += 0x20;
      letters ||= code >= 0x61 && code <= 0x7a;
      hash = Math.imul(hash ^ code, HASH_PRIME);
    }
  }

  #textUntil(end: number, index: number): string {
    const offset = this.#offsets[index]!;
    const chunk = this.#chunks[offset >>> CHUNK_BITS]!;
    const start = offset & (CHUNK - 1);
    return decoder.decode(chunk.subarray(start, chunk.indexOf(end, start)));
  }

  /** Whether the stored line is exactly `line`. */
  equals(index: number, line: string): boolean {
    const offset = this.#offsets[index]!;
    const chunk = this.#chunks[offset >>> CHUNK_BITS]!;
    let at = offset & (CHUNK - 1);
    for (let i = 0; i < line.length; i++, at++) {
      const code = line.charCodeAt(i);
      if (code > 0x7f) return this.line(index) === line;
      if (chunk[at] !== code) return false;
    }
    return chunk[at] === END;
  }

  #startsWith(index: number, id: string): boolean {
    const offset = this.#offsets[index]!;
    const chunk = this.#chunks[offset >>> CHUNK_BITS]!;
    let at = offset & (CHUNK - 1);
    for (let i = 0; i < id.length; i++, at++) {
      const code = id.charCodeAt(i);
      if (code > 0x7f) return this.line(index).startsWith(id + FIELD_SEPARATOR);
      if (chunk[at] !== code) return false;
    }
    return chunk[at] === SEPARATOR;
  }

  /** Copies a line in and returns its offset. Worst case three bytes for each UTF-16 code unit. */
  #put(line: string): number {
    const chunk = this.#chunkFor(line.length * 3 + 1);
    const start = this.#position;
    let at = start;
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      if (code > 0x7f) {
        at = start + encoder.encodeInto(line, chunk.subarray(start)).written;
        break;
      }
      chunk[at++] = code;
    }
    chunk[at++] = END;
    this.#position = at;
    return (this.#chunks.length - 1) * CHUNK + start;
  }

  /** The last chunk, with room for so many bytes from `#position` on. */
  #chunkFor(bytes: number): Uint8Array {
    const last = this.#chunks[this.#chunks.length - 1];
    const needed = this.#position + bytes;
    if (last !== undefined && needed <= last.length) return last;
    if (bytes > CHUNK) throw new RangeError('a record line is longer than a chunk; maxRowBytes must forbid it');
    if (last !== undefined && last.length < CHUNK && needed <= CHUNK) {
      const wider = widened(last, new Uint8Array(roomFor(needed)));
      this.#chunks[this.#chunks.length - 1] = wider;
      return wider;
    }
    if (this.#chunks.length === 512) throw new RangeError('more than 4 GiB of record lines of one kind');
    const opened = new Uint8Array(last === undefined ? roomFor(bytes) : CHUNK);
    this.#chunks.push(opened);
    this.#position = 0;
    return opened;
  }

  #grow(): void {
    const size = this.#offsets.length * 2;
    this.#offsets = widened(this.#offsets, new Uint32Array(size));
    this.#hashes = widened(this.#hashes, new Uint32Array(size));
    this.#rows = widened(this.#rows, new Uint32Array(size));
    this.#flags = widened(this.#flags, new Uint8Array(size));
    this.#slots = new Int32Array(size * 2);
    for (let index = 0; index < this.#count; index++) this.#insert(index, this.#hashes[index]!);
  }

  #insert(index: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }
}

/** The smallest size of a first chunk that holds so many bytes: a power of two, `CHUNK` at most. */
function roomFor(bytes: number): number {
  let size = FIRST_CHUNK;
  while (size < bytes) size *= 2;
  return Math.min(size, CHUNK);
}

function widened<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;

/** FNV-1a with a final mix: neighbouring ids such as 31763_22156 and 31763_22157 land far apart. */
function hashOf(id: string): number {
  let hash = HASH_START;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), HASH_PRIME);
  return mixed(hash);
}

function mixed(hash: number): number {
  const halfway = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (halfway ^ (halfway >>> 13)) >>> 0;
}

function foldedTextHash(id: string): number {
  const folded = id.toLowerCase();
  return folded === folded.toUpperCase() ? -1 : hashOf(folded);
}

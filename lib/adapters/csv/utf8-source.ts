import type { FileDialect } from '../../core/delivery/table-file.ts';
import { NEVER_UTF8 } from './bytes.ts';

type Encoding = FileDialect['encoding'];

const MARKS: readonly { readonly encoding: Encoding; readonly mark: Buffer }[] = [
  { encoding: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
];

/**
 * The bytes of a file as UTF-8 without a byte order mark, chunk by chunk (R8).
 * A file that starts with the UTF-16 mark is transcoded; everything else is passed on as it came and is checked later,
 * line by line. What UTF-16 cannot mean (half a surrogate pair, half a code unit) becomes a byte that no UTF-8 has, so
 * that the same check finds it in its row.
 */
export class Utf8Source {
  /** Bytes of the file so far, mark included, before any transcoding. */
  bytes = 0;
  byteOrderMark = false;
  encoding: Encoding = 'utf-8';
  /** The first bytes while they may still be the start of a mark; null once that is decided. */
  #head: Buffer | null = Buffer.alloc(0);
  #transcoder: Utf16Transcoder | null = null;

  /** The UTF-8 bytes that one chunk adds: perhaps none. Never a buffer that is written to afterwards. */
  push(chunk: Uint8Array): Buffer {
    this.bytes += chunk.byteLength;
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#head === null) return this.#transcode(piece);
    this.#head = Buffer.concat([this.#head, piece]);
    const head = this.#head;
    if (MARKS.some(({ mark }) => head.length < mark.length && mark.subarray(0, head.length).equals(head))) {
      return Buffer.alloc(0);
    }
    return this.#decide(head);
  }

  /** What is left when the file has ended. */
  finish(): Buffer {
    const left = this.#head === null ? Buffer.alloc(0) : this.#decide(this.#head);
    return this.#transcoder === null ? left : Buffer.concat([left, this.#transcoder.finish()]);
  }

  #decide(head: Buffer): Buffer {
    this.#head = null;
    const found = MARKS.find(({ mark }) => head.subarray(0, mark.length).equals(mark));
    if (found === undefined) return head;
    this.byteOrderMark = true;
    this.encoding = found.encoding;
    if (found.encoding !== 'utf-8') this.#transcoder = new Utf16Transcoder(found.encoding === 'utf-16be');
    return this.#transcode(head.subarray(found.mark.length));
  }

  #transcode(piece: Buffer): Buffer {
    return this.#transcoder === null ? piece : this.#transcoder.push(piece);
  }
}

/** UTF-16 to UTF-8 at any chunk split. */
class Utf16Transcoder {
  readonly #bigEndian: boolean;
  /** Up to three bytes that wait for the next chunk: half a code unit, or a high surrogate without its low one. */
  #rest = Buffer.alloc(0);

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  push(piece: Buffer): Buffer {
    const bytes = Buffer.concat([this.#rest, piece]);
    let end = bytes.length - (bytes.length % 2);
    if (end >= 2 && isHighSurrogate(this.#bigEndian ? bytes.readUInt16BE(end - 2) : bytes.readUInt16LE(end - 2))) {
      end -= 2;
    }
    this.#rest = Buffer.from(bytes.subarray(end));
    const units = bytes.subarray(0, end);
    if (this.#bigEndian) units.swap16();
    return encodeUtf8(units.toString('utf16le'));
  }

  finish(): Buffer {
    return this.#rest.length === 0 ? this.#rest : Buffer.from([NEVER_UTF8]);
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

const encodeUtf8 = (text: string): Buffer => {
  const lone = text.search(/\p{Surrogate}/u);
  if (lone < 0) return Buffer.from(text, 'utf8');
  const rest = encodeUtf8(text.slice(lone + 1).replace(/\p{Surrogate}/gu, ''));
  return Buffer.concat([Buffer.from(text.slice(0, lone), 'utf8'), Buffer.from([NEVER_UTF8]), rest]);
};

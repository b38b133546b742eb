import { isAscii, isUtf8 } from 'node:buffer';
import { LINE_FEED, NUL } from './bytes.ts';

/** Why bytes are not text. */
export type ByteFault = 'nul-byte' | 'not-utf8';

/** The first physical line of a block that is not text. */
export interface BadLine {
  readonly code: ByteFault;
  /** Where the line starts in the block. */
  readonly start: number;
  /** The line without its line feed. */
  readonly line: Buffer;
}

/** What a block of whole lines turned out to be. `ascii` allows the cheaper decoding. */
export type ByteCheck = { readonly ascii: boolean; readonly bad: BadLine | null };

/**
 * Checks a block of whole lines: strict UTF-8, no NUL. A line feed never occurs inside a character of UTF-8, so a block
 * is valid exactly when each of its lines is; only a bad block is looked at line by line.
 */
export const checkBytes = (block: Buffer): ByteCheck => {
  const ascii = isAscii(block);
  if ((ascii || isUtf8(block)) && !block.includes(NUL)) return { ascii, bad: null };
  for (let start = 0; start < block.length; ) {
    const lineFeed = block.indexOf(LINE_FEED, start);
    const line = block.subarray(start, lineFeed < 0 ? block.length : lineFeed);
    if (line.includes(NUL)) return { ascii, bad: { code: 'nul-byte', start, line } };
    if (!isUtf8(line)) return { ascii, bad: { code: 'not-utf8', start, line } };
    start += line.length + 1;
  }
  throw new Error('defect: a block is not UTF-8 though each of its lines is');
};

/** The same check for one line that is too long to be held: piece by piece, keeping none of them. */
export class LongLineCheck {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #nul = false;
  #notUtf8 = false;

  push(piece: Buffer): void {
    if (piece.includes(NUL)) this.#nul = true;
    this.#decode(piece, true);
  }

  /** The verdict, when the line has ended. */
  finish(): ByteFault | null {
    this.#decode(Buffer.alloc(0), false);
    return this.#nul ? 'nul-byte' : this.#notUtf8 ? 'not-utf8' : null;
  }

  #decode(piece: Buffer, stream: boolean): void {
    if (this.#notUtf8) return;
    try {
      this.#decoder.decode(piece, { stream });
    } catch {
      this.#notUtf8 = true;
    }
  }
}

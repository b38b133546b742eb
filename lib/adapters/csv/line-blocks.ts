import { type ByteFault, LongLineCheck } from './byte-check.ts';
import { CARRIAGE_RETURN, LINE_FEED } from './bytes.ts';

/** A stretch of a file that ends where a line ends. */
export type LineBlock =
  /** Whole lines; only the last line of the last block may lack its line feed. */
  | { readonly type: 'lines'; readonly bytes: Buffer }
  /** One line longer than may be held. Its bytes are gone; what was seen of them is left. */
  | {
      readonly type: 'long-line';
      readonly fault: ByteFault | null;
      readonly hasCarriageReturn: boolean;
      /** How its line ended; null at the end of the file. */
      readonly lineEnd: 'lf' | 'crlf' | null;
    };

/**
 * Cuts a stream of bytes into blocks of whole lines, holding at most `blockBytes + maxLineBytes` and one piece.
 * A line's length counts the bytes before its line feed.
 */
export class LineBlocks {
  readonly #blockBytes: number;
  readonly #maxLineBytes: number;
  #lines: Buffer[] = [];
  #lineBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #long: LongLine | null = null;

  constructor(blockBytes: number, maxLineBytes: number) {
    this.#blockBytes = blockBytes;
    this.#maxLineBytes = maxLineBytes;
  }

  /** Takes the next piece and gives the blocks that are complete with it. */
  *push(piece: Buffer): Generator<LineBlock> {
    let rest = piece;
    if (this.#long !== null) {
      const lineFeed = rest.indexOf(LINE_FEED);
      this.#long.push(lineFeed < 0 ? rest : rest.subarray(0, lineFeed));
      if (lineFeed < 0) return;
      yield this.#long.finish(true);
      this.#long = null;
      rest = rest.subarray(lineFeed + 1);
    }
    const lastLineFeed = rest.lastIndexOf(LINE_FEED);
    if (lastLineFeed >= 0) {
      this.#takeLines(rest.subarray(0, lastLineFeed + 1));
      if (this.#lineBytes >= this.#blockBytes) yield* this.#flushLines();
    }
    if (lastLineFeed + 1 < rest.length) yield* this.#takeTail(rest.subarray(lastLineFeed + 1));
  }

  /** What is left at the end of the file. */
  *finish(): Generator<LineBlock> {
    if (this.#tailBytes > 0) this.#takeLines(Buffer.alloc(0));
    yield* this.#flushLines();
    if (this.#long !== null) yield this.#long.finish(false);
  }

  #takeLines(whole: Buffer): void {
    this.#lines.push(...this.#tail, whole);
    this.#lineBytes += this.#tailBytes + whole.length;
    this.#tail = [];
    this.#tailBytes = 0;
  }

  *#takeTail(piece: Buffer): Generator<LineBlock> {
    this.#tail.push(piece);
    this.#tailBytes += piece.length;
    if (this.#tailBytes <= this.#maxLineBytes) return;
    yield* this.#flushLines();
    this.#long = new LongLine();
    for (const part of this.#tail) this.#long.push(part);
    this.#tail = [];
    this.#tailBytes = 0;
  }

  *#flushLines(): Generator<LineBlock> {
    const [first, ...more] = this.#lines;
    if (first === undefined) return;
    const bytes = more.length === 0 ? first : Buffer.concat(this.#lines, this.#lineBytes);
    this.#lines = [];
    this.#lineBytes = 0;
    yield { type: 'lines', bytes };
  }
}

/** A line that is read and forgotten. */
class LongLine {
  readonly #check = new LongLineCheck();
  #hasCarriageReturn = false;
  #lastByte = -1;

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#check.push(piece);
    this.#hasCarriageReturn ||= piece.includes(CARRIAGE_RETURN);
    this.#lastByte = piece[piece.length - 1] ?? -1;
  }

  finish(terminated: boolean): LineBlock {
    const lineEnd = !terminated ? null : this.#lastByte === CARRIAGE_RETURN ? 'crlf' : 'lf';
    return {
      type: 'long-line',
      fault: this.#check.finish(),
      hasCarriageReturn: this.#hasCarriageReturn,
      lineEnd,
    };
  }
}

import type { FileDialect, TableEvent } from '../../core/delivery/table-file.ts';
import { type LineCounts, type RowLimits, rowsOfBlock } from './block-rows.ts';
import { checkBytes } from './byte-check.ts';
import { CARRIAGE_RETURN, LINE_FEED } from './bytes.ts';
import { guessEncoding } from './likely-encoding.ts';
import { type LineBlock, LineBlocks } from './line-blocks.ts';
import { Utf8Source } from './utf8-source.ts';

/** One reading of one file, from bytes to events. After a `fault` it must not be used any more. */
export class TableReading {
  readonly #limits: RowLimits;
  readonly #source = new Utf8Source();
  readonly #blocks: LineBlocks;
  readonly #counts: LineCounts = { lines: 0, lineFeeds: 0, carriageReturnLineFeeds: 0, blankLines: 0 };
  #endsWithLineEnd = false;

  constructor(blockBytes: number, limits: RowLimits) {
    this.#limits = limits;
    this.#blocks = new LineBlocks(blockBytes, limits.maxRowBytes);
  }

  /** The events that become known with one more chunk. */
  async *push(chunk: Uint8Array): AsyncGenerator<TableEvent, void, undefined> {
    const piece = this.#source.push(chunk);
    for (const block of this.#blocks.push(piece)) yield* this.#eventsOf(block);
  }

  /** The last events: what was held back, then `end` or a fault. */
  async *finish(): AsyncGenerator<TableEvent, void, undefined> {
    const piece = this.#source.finish();
    for (const block of [...this.#blocks.push(piece), ...this.#blocks.finish()]) {
      for await (const event of this.#eventsOf(block)) {
        yield event;
        if (event.type === 'fault') return;
      }
    }
    yield this.#counts.lines === 0
      ? { type: 'fault', code: 'empty-file', row: null }
      : { type: 'end', dialect: this.#dialect() };
  }

  async *#eventsOf(block: LineBlock): AsyncGenerator<TableEvent, void, undefined> {
    if (block.type === 'lines') yield* this.#eventsOfLines(block.bytes);
    else yield* this.#eventsOfLongLine(block);
  }

  async *#eventsOfLines(bytes: Buffer): AsyncGenerator<TableEvent, void, undefined> {
    const { ascii, bad } = checkBytes(bytes);
    const good = bad === null ? bytes : bytes.subarray(0, bad.start);
    if (bad === null && this.#isOneLineWithCarriageReturn(bytes)) {
      yield { type: 'fault', code: 'bare-carriage-return', row: null };
      return;
    }
    const { rows, unclosedQuoteRow } = await rowsOfBlock(good, ascii, this.#counts, this.#limits);
    this.#endsWithLineEnd = bytes[bytes.length - 1] === LINE_FEED;
    if (rows.length > 0) yield { type: 'rows', rows };
    if (unclosedQuoteRow !== null) yield { type: 'fault', code: 'unclosed-quote', row: unclosedQuoteRow };
    else if (bad !== null) yield this.#byteFault(bad.code, bad.line);
  }

  async *#eventsOfLongLine(block: LineBlock & { type: 'long-line' }): AsyncGenerator<TableEvent, void, undefined> {
    const counts = this.#counts;
    counts.lines += 1;
    if (block.fault !== null) {
      yield { type: 'fault', code: block.fault, row: counts.lines };
      return;
    }
    if (block.lineEnd === null && counts.lineFeeds === 0 && block.hasCarriageReturn) {
      yield { type: 'fault', code: 'bare-carriage-return', row: null };
      return;
    }
    if (block.lineEnd !== null) counts.lineFeeds += 1;
    if (block.lineEnd === 'crlf') counts.carriageReturnLineFeeds += 1;
    const unterminated = block.lineEnd === null;
    this.#endsWithLineEnd = !unterminated;
    yield { type: 'rows', rows: [{ row: counts.lines, cells: [], fault: 'row-too-long', unterminated }] };
  }

  /** A block without a line feed is the end of its file. */
  #isOneLineWithCarriageReturn(bytes: Buffer): boolean {
    return this.#counts.lineFeeds === 0 && !bytes.includes(LINE_FEED) && bytes.includes(CARRIAGE_RETURN);
  }

  #byteFault(code: 'nul-byte' | 'not-utf8', line: Buffer): TableEvent {
    const row = this.#counts.lines + 1;
    // With a UTF-16 mark the encoding is known and the bytes are damaged; a line too long to be held makes no sample.
    const guessable = this.#source.encoding === 'utf-8' && line.length <= this.#limits.maxRowBytes;
    const likelyEncoding = guessable ? guessEncoding(line) : undefined;
    return { type: 'fault', code, row, ...(likelyEncoding === undefined ? {} : { likelyEncoding }) };
  }

  #dialect(): FileDialect {
    const { lineFeeds, carriageReturnLineFeeds, blankLines } = this.#counts;
    return {
      bytes: this.#source.bytes,
      byteOrderMark: this.#source.byteOrderMark,
      encoding: this.#source.encoding,
      lineEnd: lineEndOf(lineFeeds, carriageReturnLineFeeds),
      blankLines,
      endsWithLineEnd: this.#endsWithLineEnd,
    };
  }
}

const lineEndOf = (lineFeeds: number, carriageReturnLineFeeds: number): FileDialect['lineEnd'] => {
  if (lineFeeds === 0) return 'none';
  if (carriageReturnLineFeeds === 0) return 'lf';
  return carriageReturnLineFeeds === lineFeeds ? 'crlf' : 'mixed';
};

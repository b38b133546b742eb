import type { FileRow, ForeignSeparator, RowFaultCode } from '../../core/delivery/table-file.ts';
import { CARRIAGE_RETURN, LINE_FEED, QUOTE } from './bytes.ts';
import { checkQuotes } from './check-quotes.ts';
import { QuotedLines } from './parse-quoted-lines.ts';

/** What is counted over a whole file. */
export interface LineCounts {
  /** Physical lines seen: the row number of the last one. */
  lines: number;
  lineFeeds: number;
  /** How many of the line feeds follow a carriage return. */
  carriageReturnLineFeeds: number;
  blankLines: number;
}

/** Bounds of one row. */
export interface RowLimits {
  readonly maxRowBytes: number;
  readonly maxColumns: number;
}

/** The rows of one block, and the row of an unclosed quote that ends the reading, if there is one. */
export interface BlockRows {
  readonly rows: readonly FileRow[];
  readonly unclosedQuoteRow: number | null;
}

/**
 * Splits a block of whole lines, checked to be UTF-8 without NUL, into rows; adds to `counts`.
 * A block without any quote is split at its commas; that is the path of nearly every real roster.
 */
export const rowsOfBlock = async (
  bytes: Buffer,
  ascii: boolean,
  counts: LineCounts,
  limits: RowLimits,
): Promise<BlockRows> => {
  const plain = bytes.length <= limits.maxRowBytes && !bytes.includes(QUOTE);
  if (!plain) return rowsOfQuotedBlock(bytes, ascii, counts, limits);
  const text = bytes.toString(ascii ? 'latin1' : 'utf8');
  return { rows: rowsOfText(text, counts, limits.maxColumns), unclosedQuoteRow: null };
};

const rowsOfText = (text: string, counts: LineCounts, maxColumns: number): FileRow[] => {
  const rows: FileRow[] = [];
  for (let start = 0; start < text.length; ) {
    const lineFeed = text.indexOf('\n', start);
    const next = lineFeed < 0 ? text.length : lineFeed + 1;
    const crlf = lineFeed > start && text.charCodeAt(lineFeed - 1) === CARRIAGE_RETURN;
    const end = lineFeed < 0 ? text.length : crlf ? lineFeed - 1 : lineFeed;
    countLine(counts, lineFeed >= 0, crlf, end === start);
    if (end > start) {
      const cells = text.slice(start, end).split(',');
      rows.push(rowOf(counts.lines, cells, null, lineFeed < 0, maxColumns));
    }
    start = next;
  }
  return rows;
};

const rowsOfQuotedBlock = async (
  bytes: Buffer,
  ascii: boolean,
  counts: LineCounts,
  limits: RowLimits,
): Promise<BlockRows> => {
  const pending: PendingRow[] = [];
  const quoted = new QuotedLines();
  let unclosedQuoteRow: number | null = null;
  let nextQuote = bytes.indexOf(QUOTE);
  for (let start = 0; start < bytes.length && unclosedQuoteRow === null; ) {
    const lineFeed = bytes.indexOf(LINE_FEED, start);
    const stop = lineFeed < 0 ? bytes.length : lineFeed;
    const crlf = lineFeed > start && bytes[lineFeed - 1] === CARRIAGE_RETURN;
    const end = crlf ? stop - 1 : stop;
    countLine(counts, lineFeed >= 0, crlf, end === start);
    if (nextQuote >= 0 && nextQuote < start) nextQuote = bytes.indexOf(QUOTE, start);
    if (end > start) {
      const line: Line = { row: counts.lines, start, end, unterminated: lineFeed < 0 };
      const hasQuote = nextQuote >= 0 && nextQuote < end;
      const row = stop - start > limits.maxRowBytes ? tooLong(line) : pendRow(bytes, ascii, line, hasQuote, quoted);
      if (row === 'unclosed-quote') unclosedQuoteRow = counts.lines;
      else pending.push(row);
    }
    start = stop + 1;
  }
  return { rows: finishRows(pending, await quoted.parse(), limits.maxColumns), unclosedQuoteRow };
};

interface Line {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly unterminated: boolean;
}

/** A row whose cells may still have to come from the batch of quoted lines. */
interface PendingRow {
  readonly row: number;
  /** Null: the next row of the batch. */
  readonly cells: string[] | null;
  readonly fault: RowFaultCode | null;
  readonly unterminated: boolean;
  readonly foreignSeparator?: ForeignSeparator;
  readonly hasCarriageReturn?: true;
}

/** By the byte. */
const FOREIGN_SEPARATORS: ReadonlyMap<number | null, ForeignSeparator> = new Map(
  ([';', '\t', '|'] as const).map((separator) => [separator.charCodeAt(0), separator]),
);

const tooLong = (line: Line): PendingRow => ({
  row: line.row,
  cells: [],
  fault: 'row-too-long',
  unterminated: line.unterminated,
});

const pendRow = (
  bytes: Buffer,
  ascii: boolean,
  line: Line,
  hasQuote: boolean,
  quoted: QuotedLines,
): PendingRow | 'unclosed-quote' => {
  const { row, start, unterminated } = line;
  if (!hasQuote) {
    return { row, cells: decode(bytes, ascii, start, line.end).split(','), fault: null, unterminated };
  }
  const verdict = checkQuotes(bytes, start, line.end);
  if (verdict.type === 'unclosed-quote') return 'unclosed-quote';
  if (verdict.type === 'well-formed') {
    quoted.add(bytes.subarray(start, line.end));
    return { row, cells: null, fault: null, unterminated };
  }
  const hasCarriageReturn = bytes.subarray(start, line.end).includes(CARRIAGE_RETURN);
  const bad = { row, fault: 'bad-quote', unterminated, ...(hasCarriageReturn ? { hasCarriageReturn } : {}) } as const;
  if (verdict.cellStart === start) {
    const foreignSeparator = FOREIGN_SEPARATORS.get(verdict.after);
    return foreignSeparator === undefined ? { ...bad, cells: [] } : { ...bad, cells: [], foreignSeparator };
  }
  // The cells before the faulty one are a well-formed line of their own, without the comma that follows them.
  const before = bytes.subarray(start, verdict.cellStart - 1);
  if (before.includes(QUOTE)) {
    quoted.add(before);
    return { ...bad, cells: null };
  }
  return { ...bad, cells: decode(before, ascii, 0, before.length).split(',') };
};

const finishRows = (pending: readonly PendingRow[], parsed: readonly string[][], maxColumns: number): FileRow[] => {
  let taken = 0;
  return pending.map((row) => {
    const cells = row.cells ?? parsed[taken++] ?? [];
    const { foreignSeparator, hasCarriageReturn } = row;
    const made = rowOf(row.row, cells, row.fault, row.unterminated, maxColumns);
    if (made.fault !== 'bad-quote') return made;
    return {
      ...made,
      ...(foreignSeparator === undefined ? {} : { foreignSeparator }),
      ...(hasCarriageReturn === undefined ? {} : { hasCarriageReturn }),
    };
  });
};

const rowOf = (
  row: number,
  cells: string[],
  fault: RowFaultCode | null,
  unterminated: boolean,
  maxColumns: number,
): FileRow =>
  cells.length > maxColumns
    ? { row, cells: [], fault: 'row-too-long', unterminated }
    : { row, cells, fault, unterminated };

const decode = (bytes: Buffer, ascii: boolean, start: number, end: number): string =>
  bytes.toString(ascii ? 'latin1' : 'utf8', start, end);

const countLine = (counts: LineCounts, terminated: boolean, crlf: boolean, blank: boolean): void => {
  counts.lines += 1;
  if (terminated) counts.lineFeeds += 1;
  if (crlf) counts.carriageReturnLineFeeds += 1;
  if (blank) counts.blankLines += 1;
};

import { COMMA, QUOTE } from './bytes.ts';

/** What the quotes of one physical line say. */
export type QuoteVerdict =
  | { readonly type: 'well-formed' }
  /** `cellStart` is where the faulty cell starts in the buffer; `after` the byte behind its closing quote, if it has one. */
  | { readonly type: 'bad-quote'; readonly cellStart: number; readonly after: number | null }
  | { readonly type: 'unclosed-quote' };

const WELL_FORMED: QuoteVerdict = { type: 'well-formed' };
const UNCLOSED: QuoteVerdict = { type: 'unclosed-quote' };

/**
 * Checks the quotes of the line `bytes[start, end)`, its line end left out, by RFC 4180 section 2: a quoted cell starts
 * with a quote, doubles each quote inside, and its closing quote is followed by a comma or the end of the line; any
 * other cell has no quote at all. A line that passes is read the same way by every CSV parser, csv-parser included.
 */
export const checkQuotes = (bytes: Buffer, start: number, end: number): QuoteVerdict => {
  let cellStart = start;
  while (cellStart <= end) {
    let i = cellStart;
    if (i < end && bytes[i] === QUOTE) {
      i = closingQuote(bytes, i + 1, end) + 1;
      if (i === 0) return UNCLOSED;
      if (i < end && bytes[i] !== COMMA) return { type: 'bad-quote', cellStart, after: bytes[i] ?? null };
    } else {
      while (i < end && bytes[i] !== COMMA) {
        if (bytes[i] === QUOTE) return { type: 'bad-quote', cellStart, after: null };
        i += 1;
      }
    }
    cellStart = i + 1;
  }
  return WELL_FORMED;
};

/** Where the quoted cell whose text starts at `from` is closed; -1 if it is still open at `end`. */
const closingQuote = (bytes: Buffer, from: number, end: number): number => {
  for (let i = from; i < end; i += 1) {
    if (bytes[i] !== QUOTE) continue;
    if (i + 1 >= end || bytes[i + 1] !== QUOTE) return i;
    i += 1;
  }
  return -1;
};

import type { TableEvent, TableFile } from '../../core/delivery/table-file.ts';
import { BrokenEntry } from '../zip/broken-entry.ts';
import { TableReading } from './table-reading.ts';

/** Bounds of reading a CSV file. */
export interface CsvLimits {
  /** Bytes of one physical line as UTF-8, its line feed not counted. Default 1 MiB; the widest real rows have about 2 KiB. */
  readonly maxRowBytes?: number;
  /** Cells of one row. Default 10,000; the widest OneRoster file has 34 columns and its `metadata.*`. */
  readonly maxColumns?: number;
}

/** Opens the bytes of a file from the start; called once for each reading. */
export type OpenBytes = () => AsyncIterable<Uint8Array>;

const DEFAULT_MAX_ROW_BYTES = 1024 * 1024;
const DEFAULT_MAX_COLUMNS = 10_000;

/** Bytes parsed at a time: about 2,700 rows of enrollments, and nothing beside the 512 MB of a small function. */
const BLOCK_BYTES = 256 * 1024;

/** Rows in one event at most: a consumer's unit of work. */
const MAX_ROWS_PER_EVENT = 4_000;

/** A CSV file of a delivery: its name and how to read it, again and again. */
export const csvTable = (name: string, open: OpenBytes, limits: CsvLimits = {}): TableFile => ({
  name,
  read: () => readTable(open, limits),
});

/**
 * Reads a CSV file as rows, in memory bounded by the limits and the source's largest chunk. The events depend on the
 * bytes alone, not on how they are cut into chunks (only the grouping of rows into events does).
 *
 * - A physical line (LF or CRLF) is a row; blank lines are counted and skipped; quotes as RFC 4180 (design R7, R8).
 * - At most one `fault`, as the last event: the first one in the file, after the rows before it. Otherwise one `end`.
 * - A cell may share its memory with its whole block: copy what is kept for long.
 *
 * Throws what the source throws, except `BrokenEntry`, which is the fault `broken-entry`.
 */
export async function* readTable(open: OpenBytes, limits: CsvLimits = {}): AsyncGenerator<TableEvent, void, undefined> {
  const reading = new TableReading(BLOCK_BYTES, {
    maxRowBytes: limits.maxRowBytes ?? DEFAULT_MAX_ROW_BYTES,
    maxColumns: limits.maxColumns ?? DEFAULT_MAX_COLUMNS,
  });
  const chunks = chunksOf(open);
  for await (const chunk of chunks) {
    if (chunk === 'broken') {
      yield { type: 'fault', code: 'broken-entry', row: null };
      return;
    }
    // A source may hand over one huge chunk: cut it, so that what is made of it is bounded all the same.
    for (let at = 0; at < chunk.byteLength; at += BLOCK_BYTES) {
      for await (const event of reading.push(chunk.subarray(at, at + BLOCK_BYTES))) {
        yield* inPortions(event);
        if (event.type === 'fault') return;
      }
    }
  }
  for await (const event of reading.finish()) yield* inPortions(event);
}

async function* chunksOf(open: OpenBytes): AsyncGenerator<Uint8Array | 'broken', void, undefined> {
  try {
    yield* open();
  } catch (error) {
    if (!(error instanceof BrokenEntry)) throw error;
    yield 'broken';
  }
}

function* inPortions(event: TableEvent): Generator<TableEvent, void, undefined> {
  if (event.type !== 'rows' || event.rows.length <= MAX_ROWS_PER_EVENT) {
    yield event;
    return;
  }
  for (let at = 0; at < event.rows.length; at += MAX_ROWS_PER_EVENT) {
    yield { type: 'rows', rows: event.rows.slice(at, at + MAX_ROWS_PER_EVENT) };
  }
}

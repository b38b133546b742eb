import { type CsvLimits, readTable } from '../../../lib/adapters/csv/csv-table.ts';
import { TableReading } from '../../../lib/adapters/csv/table-reading.ts';
import type { FileDialect, FileRow, TableEvent } from '../../../lib/core/delivery/table-file.ts';

/** What a reading came to: all rows together, and how it ended. */
export interface Outcome {
  readonly rows: FileRow[];
  readonly fault: (TableEvent & { type: 'fault' }) | null;
  readonly dialect: FileDialect | null;
}

/** Bytes from text, or as given. */
export const bytesOf = (content: string | Uint8Array): Buffer =>
  typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);

/** The content in chunks that end at the given offsets. */
export const splitAt = (content: Buffer, offsets: readonly number[]): Buffer[] => {
  const bounds = [0, ...[...offsets].sort((a, b) => a - b), content.length];
  return bounds.slice(1).map((end, i) => content.subarray(bounds[i], end));
};

/** A source of bytes over ready chunks; each reading gets its own copies. */
export const sourceOf = (chunks: readonly Buffer[]) =>
  async function* (): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  };

/** Gathers events and checks their order: rows, then one end or one fault, then nothing. */
export const gather = async (events: AsyncIterable<TableEvent>): Promise<Outcome> => {
  const rows: FileRow[] = [];
  let last: TableEvent | null = null;
  for await (const event of events) {
    if (last !== null && last.type !== 'rows') throw new Error(`an event after ${last.type}`);
    if (event.type === 'rows') {
      expect(event.rows.length).toBeGreaterThan(0);
      expect(event.rows.length).toBeLessThanOrEqual(4_000);
      rows.push(...event.rows);
    }
    last = event;
  }
  if (last === null || last.type === 'rows') throw new Error('a reading without end or fault');
  return last.type === 'fault' ? { rows, fault: last, dialect: null } : { rows, fault: null, dialect: last.dialect };
};

/** Reads content as one chunk, or in the chunks given. */
export const read = (content: string | Uint8Array | readonly Buffer[], limits: CsvLimits = {}): Promise<Outcome> => {
  const chunks = Array.isArray(content) ? (content as readonly Buffer[]) : [bytesOf(content as string | Uint8Array)];
  return gather(readTable(sourceOf(chunks), limits));
};

/** Reads chunks with blocks of a chosen size, so that a small file has many. */
export const readInBlocks = (chunks: readonly Buffer[], blockBytes: number, maxRowBytes: number): Promise<Outcome> =>
  gather(eventsInBlocks(chunks, blockBytes, maxRowBytes));

async function* eventsInBlocks(
  chunks: readonly Buffer[],
  blockBytes: number,
  maxRowBytes: number,
): AsyncGenerator<TableEvent> {
  const reading = new TableReading(blockBytes, { maxRowBytes, maxColumns: 100 });
  for (const chunk of chunks) {
    for await (const event of reading.push(Buffer.from(chunk))) {
      yield event;
      if (event.type === 'fault') return;
    }
  }
  yield* reading.finish();
}

/** Only the cells of each row. */
export const cellsOf = (outcome: Outcome): (readonly string[])[] => outcome.rows.map((row) => row.cells);

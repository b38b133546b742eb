import csvParser from 'csv-parser';

const LINE_END = Buffer.from('\r\n');

/** Lines with well-formed quotes, gathered so that csv-parser reads many at once. */
export class QuotedLines {
  #parts: Buffer[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /**
   * Adds one line that `checkQuotes` found well-formed, without its line end; not a blank one.
   * The added end is CRLF, because csv-parser takes one carriage return off a line, and it must be this one.
   */
  add(line: Buffer): void {
    this.#parts.push(line, LINE_END);
    this.#count += 1;
  }

  /**
   * The cells of each line, in order. csv-parser's known bugs are out of reach here: there is no header, byte order
   * mark, blank line, split chunk or unbalanced quote, and the buffer that it rewrites is a copy of its own.
   * Throws (a defect) unless each line came out as exactly one row.
   */
  async parse(): Promise<string[][]> {
    if (this.#count === 0) return [];
    const batch = Buffer.concat(this.#parts);
    const rows = await parseBatch(batch);
    if (rows.length !== this.#count) {
      throw new Error(`defect: csv-parser made ${rows.length} rows of ${this.#count} well-formed lines`);
    }
    return rows;
  }
}

const parseBatch = (batch: Buffer): Promise<string[][]> =>
  new Promise((resolve, reject) => {
    const rows: string[][] = [];
    const parser = csvParser({ headers: false });
    // Without headers a row is { 0: cell, 1: cell, … }: integer keys, so its values come in the order of the columns.
    parser.on('data', (row: Record<number, string>) => rows.push(Object.values(row)));
    parser.on('error', reject);
    parser.on('end', () => resolve(rows));
    parser.end(batch);
  });

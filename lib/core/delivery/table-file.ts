/** What is wrong with one physical row, before any column is looked at. */
export type RowFaultCode =
  /** A quote inside an unquoted cell, or text after a closing quote. */
  | 'bad-quote'
  /** More bytes or cells than a row may have (`maxRowBytes`, `maxColumns`). */
  | 'row-too-long';

/** What makes a file unreadable as a whole (R7). */
export type FileFaultCode =
  /** Neither UTF-8 nor UTF-16 with a byte order mark. */
  | 'not-utf8'
  /** A quoted cell is still open at the end of its physical line (OneRoster forbids line breaks inside a cell). */
  | 'unclosed-quote'
  /** The file has no byte at all, or only a byte order mark. */
  | 'empty-file'
  /** A NUL byte: binary data, or UTF-16 without a mark. */
  | 'nul-byte'
  /** Lines end in a bare carriage return. */
  | 'bare-carriage-return'
  /** The bytes end before the file does (a zip entry shorter than promised, or with a wrong CRC). */
  | 'broken-entry';

/** One row of a CSV file. */
export interface FileRow {
  /** 1-based physical line, header and blank lines counted. */
  readonly row: number;
  /**
   * Unquoted cells. With a `bad-quote`, only the cells before the fault; with `row-too-long`, none.
   * A cell may share its memory with its neighbours' whole block (256 KiB): who keeps cells of many rows, copies them.
   */
  readonly cells: readonly string[];
  readonly fault: RowFaultCode | null;
  /** The last line of the file, without a line end: it may have been cut (R16). */
  readonly unterminated: boolean;
  /** With a `bad-quote` in the first cell: what follows its closing quote, where that separates cells elsewhere. */
  readonly foreignSeparator?: ForeignSeparator;
  /** With a `bad-quote`: a lone carriage return stands in the line, which may have ended another row there. */
  readonly hasCarriageReturn?: true;
}

/** What stands between cells in files that are not comma-separated. */
export type ForeignSeparator = ';' | '\t' | '|';

/** What the bytes of a file looked like; reported once per file (R8). */
export interface FileDialect {
  readonly bytes: number;
  readonly byteOrderMark: boolean;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly lineEnd: 'lf' | 'crlf' | 'mixed' | 'none';
  readonly blankLines: number;
  readonly endsWithLineEnd: boolean;
}

/** What reading a CSV file yields, in order: rows (the first is the header), then one `end` or one `fault`. */
export type TableEvent =
  | { readonly type: 'rows'; readonly rows: readonly FileRow[] }
  | {
      readonly type: 'fault';
      readonly code: FileFaultCode;
      /** Where it was noticed; null where the whole file is meant. */
      readonly row: number | null;
      /** For `not-utf8` and `nul-byte`: the encoding that the bytes look like, if one does. */
      readonly likelyEncoding?: string;
    }
  | { readonly type: 'end'; readonly dialect: FileDialect };

/** One CSV file of a delivery, under the name it was found by. Can be read more than once. */
export interface TableFile {
  /** Last part of the path, as found (`Users.CSV`, `20261123_users.csv`). */
  readonly name: string;
  read(): AsyncIterable<TableEvent>;
}

/** A CSV file of a draft: cells as they mean, before quotes, line ends and bytes. */
export interface DraftFile {
  /** Path in the zip or folder. */
  path: string;
  header: string[];
  rows: string[][];
  lineEnd: '\r\n' | '\n';
  quoteAll: boolean;
}

/** An export as a fuzz case thinks of it, before it is text. Operators change it in place. */
export interface Draft {
  packaging: 'zip' | 'folder' | 'file';
  files: DraftFile[];
}

/** A file as bytes. */
export interface RawFile {
  path: string;
  bytes: Buffer;
}

const quoted = (cell: string, always: boolean): string =>
  always || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** The text of a draft file. */
export const textOfDraft = ({ header, rows, lineEnd, quoteAll }: DraftFile): string =>
  [header, ...rows].map((cells) => cells.map((cell) => quoted(cell, quoteAll)).join(',') + lineEnd).join('');

/** A copy that shares nothing with the original. */
export const copyOf = (draft: Draft): Draft => ({
  ...draft,
  files: draft.files.map((file) => ({
    ...file,
    header: [...file.header],
    rows: file.rows.map((row) => [...row]),
  })),
});

/** The file of that name, if the draft still has it. */
export const draftFile = (draft: Draft, name: string): DraftFile | undefined =>
  draft.files.find(({ path }) => path === `${name}.csv`);

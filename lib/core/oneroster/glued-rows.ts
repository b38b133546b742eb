import type { FileRow } from '../delivery/table-file.ts';

/** Two rows without the line end between them share one cell; a lone carriage return ends a row on an old Mac. */
export const mayHoldMore = ({ cells, fault, hasCarriageReturn }: FileRow, width: number): boolean =>
  hasCarriageReturn === true ||
  (fault === null && (cells.length >= 2 * width - 1 || cells.some((cell) => cell.includes('\r'))));

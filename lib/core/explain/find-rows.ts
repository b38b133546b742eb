import type { SurveyedFile } from '../delivery/survey.ts';

/** The cell of a row under a column of the standard; '' where the file or the row has none. */
export type CellOf = (column: string) => string;

/** What looking through one file gave. */
export interface FoundRows<T> {
  /** Data rows that were read. */
  readonly rows: number;
  /** Why reading ended early (R7), or null. */
  readonly fault: string | null;
  readonly found: readonly T[];
}

/**
 * Looks through the rows of a file, damaged ones too: a row that cannot count is just what is asked for. `take` answers
 * null for rows that are of no interest; row numbers are physical lines, header counted, as in findings.
 */
export async function findRows<T>(
  file: Pick<SurveyedFile, 'entry' | 'header'>,
  take: (cell: CellOf, row: number) => T | null,
): Promise<FoundRows<T>> {
  const places = new Map((file.header ?? []).map((name, index) => [name.trim().toLowerCase(), index]));
  let cells: readonly string[] = [];
  const cell: CellOf = (column) => cells[places.get(column.toLowerCase()) ?? -1] ?? '';
  const found: T[] = [];
  let rows = -1;
  for await (const event of file.entry.read()) {
    if (event.type === 'fault') return { rows: Math.max(0, rows), fault: event.code, found };
    if (event.type === 'end') break;
    for (const each of event.rows) {
      // The first one is the header.
      if (++rows === 0) continue;
      cells = each.cells;
      const taken = take(cell, each.row);
      if (taken !== null) found.push(taken);
    }
  }
  return { rows: Math.max(0, rows), fault: null, found };
}

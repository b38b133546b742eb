import type { FindingCode } from './finding-codes.ts';

export type Severity = 'error' | 'warning' | 'info';

/**
 * A fact about the data (design §2). Never carries a name, an e-mail or any other cell text except a sourcedId;
 * column names come from the header, file names from the upload.
 */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** File name as found, or null for the delivery as a whole. */
  readonly file: string | null;
  /** 1-based physical line, header counted; null where the whole file is meant. */
  readonly row: number | null;
  readonly column: string | null;
  /** The record that the row names, where it can be read. */
  readonly sourcedId: string | null;
  readonly message: string;
  readonly hint: string;
}

/** Where a finding was made. */
export interface Place {
  readonly file?: string | null;
  readonly row?: number | null;
  readonly column?: string | null;
  readonly sourcedId?: string | null;
}

/** Findings in full by count, listed up to a limit. */
export interface FindingCounts {
  error: number;
  warning: number;
  info: number;
  byCode: Record<string, number>;
}

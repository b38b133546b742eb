import type { FindingCode } from '../oneroster/finding-codes.ts';
import type { TableEvent } from './table-file.ts';

/** One file inside an upload, under its path in the zip or folder. Can be read more than once. */
export interface UploadEntry {
  readonly path: string;
  readonly bytes: number;
  read(): AsyncIterable<TableEvent>;
}

/** An upload as the adapters hand it over: entries that can be read, and what was wrong with the package itself. */
export interface Upload {
  readonly packaging: 'zip' | 'folder' | 'file';
  readonly entries: readonly UploadEntry[];
  /** Faults of the package as a whole (R7); any of them rejects the delivery. */
  readonly faults: readonly FindingCode[];
  /** For each of the faults the path of the entry that it is about, as found; null where it is the whole package. */
  readonly faultPaths?: readonly (string | null)[];
}

/** A check or a plan of an upload ends in one of these (R7, R16). */
export type UploadVerdict = 'accepted' | 'rejected' | 'incomplete';

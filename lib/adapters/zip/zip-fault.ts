/** Why an archive is refused as a whole (R7, R16); nothing of it is read then. */
export type ZipFaultCode =
  /** No end record, cut, garbage before or after it, more than one disk, a directory that does not add up. */
  | 'zip-broken'
  | 'zip-encrypted'
  | 'zip-too-many-entries'
  /** Its entries would expand to more than `maxExpandedBytes`. */
  | 'zip-too-large'
  /** It expands so much more than any CSV does that it must be a bomb. */
  | 'zip-ratio'
  /** An absolute path, `..`, a drive letter, a backslash, a control character, a link or a device. */
  | 'zip-unsafe-path'
  /** Two entries of one path, upper and lower case taken as equal. */
  | 'zip-duplicate-entry'
  /** Compressed by another method than stored or deflate. */
  | 'zip-method';

/** One reason, and the entry that gives it: null where the whole archive does. */
export interface ZipFault {
  readonly code: ZipFaultCode;
  /** As found in the archive: for the district's own report, never for a log (R22). */
  readonly path: string | null;
}

/** Bounds of an archive. */
export interface ZipLimits {
  /** Entries of any sort. Default 200: OneRoster 1.2 has 22 files, and a Mac doubles each entry. */
  readonly maxEntries?: number;
  /** Bytes of all entries together when expanded. Default 8 GiB: a district of a million students has about 2 GiB. */
  readonly maxExpandedBytes?: number;
  /** Expanded bytes for one byte of the archive, and of each entry. Default 200; CSV reaches 5 to 40, deflate 1,032. */
  readonly maxRatio?: number;
}

/** The ratio is looked at only above this size: a small file of equal rows is no danger. */
export const RATIO_FLOOR_BYTES = 10 * 1024 * 1024;

export const DEFAULT_ZIP_LIMITS: Required<ZipLimits> = {
  maxEntries: 200,
  maxExpandedBytes: 8 * 1024 ** 3,
  maxRatio: 200,
};

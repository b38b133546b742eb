/** An upload that the SFTP server reported as failed (R16): what it has put may lack its end. */
export interface FailedUpload {
  /** Folder below the district's home, as of an upload's key. */
  readonly folder: string;
  /** File name as uploaded. Never logged (R22). */
  readonly name: string;
  /** Of the object that the failed upload has left; quotes do not matter. */
  readonly eTag: string;
  /** When it ended, ISO 8601 in UTC with milliseconds. */
  readonly endedAt: string;
}

/** An entity tag without its quotes: S3 writes them, Transfer Family does not. */
export const bareTag = (eTag: string): string => eTag.replaceAll('"', '');

/**
 * An object that is this much younger than the end of a failed upload is another upload, whatever its tag. Seconds: wide
 * enough for two clocks that differ and for a LastModified in whole seconds.
 */
const SAME_UPLOAD_SECONDS = 60;

/**
 * Whether an object whose name and tag are those of a failed upload is what that upload has left. Where equal bytes have
 * equal tags (a bucket without KMS), the same file sent again later is free by this.
 */
export const isLeftBy = ({ lastModified }: { readonly lastModified: string }, endedAt: string): boolean =>
  Date.parse(lastModified) <= Date.parse(endedAt) + SAME_UPLOAD_SECONDS * 1000;

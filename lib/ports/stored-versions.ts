/** Objects of a bucket with all their versions. */
export interface StoredVersions {
  /** Versions and delete markers below a prefix, which ends in a slash; in batches. */
  count(prefix: string): AsyncIterable<number>;
  /** Deletes them for good, and tells each batch after it is gone. Failures: `ServiceBusy`. */
  remove(prefix: string): AsyncIterable<number>;
}

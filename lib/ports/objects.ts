/** An uploaded object, one exact version. */
export interface UploadedObject {
  readonly key: string;
  readonly versionId: string;
  readonly eTag: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** An object as a listing shows it: everything but its version. */
export type ListedObject = Omit<UploadedObject, 'versionId'>;

/** The bucket that districts upload to. */
export interface Landing {
  /** The current object under a key, or null. */
  head(key: string): Promise<UploadedObject | null>;
  /** The current objects whose keys go on after `prefix` without another slash. */
  list(prefix: string): Promise<readonly ListedObject[]>;
  /** Copies exactly this version to the archive bucket; `gone` where that version no longer exists. */
  copyToArchive(object: UploadedObject, archiveKey: string): Promise<'copied' | 'gone'>;
  /** Deletes the current object if it still is this one (If-Match on the ETag). `replaced`: a newer upload came. */
  remove(object: UploadedObject): Promise<'removed' | 'replaced' | 'gone'>;
}

/** The bucket that Rollcall keeps deliveries and plans in. */
export interface Archive {
  /** Bytes [start, endExclusive) of an object. Throws `ObjectMissing`. */
  read(key: string, start?: number, endExclusive?: number): AsyncIterable<Uint8Array>;
  size(key: string): Promise<number | null>;
  /** Small objects (a summary). */
  writeText(key: string, text: string): Promise<void>;
  readText(key: string): Promise<string | null>;
  /** Makes an object as young as if it were written now: its days begin anew. False where there is none. */
  renew(key: string): Promise<boolean>;
  /** Large objects: bytes are spooled and stored when `end` is called; `abandon` leaves nothing behind. */
  writer(key: string): ObjectWriter;
}

export interface ObjectWriter {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  abandon(): Promise<void>;
}

import type { Clock } from '../../ports/clock.ts';
import { ObjectMissing } from '../../ports/failure.ts';
import type { Archive, Landing, ListedObject, UploadedObject } from '../../ports/objects.ts';
import type { StoredVersions } from '../../ports/stored-versions.ts';

/** Bytes in a piece of a read: small, so that readers meet several pieces. */
const PIECE_BYTES = 64 * 1024;

interface StoredVersion {
  readonly object: UploadedObject;
  readonly bytes: Uint8Array;
}

/** A versioned bucket as maps. */
class VersionedObjects {
  readonly #versions = new Map<string, StoredVersion>();
  readonly #current = new Map<string, StoredVersion>();

  add(version: StoredVersion): void {
    this.#versions.set(`${version.object.key}\n${version.object.versionId}`, version);
    this.#current.set(version.object.key, version);
  }

  current(key: string): UploadedObject | null {
    return this.#current.get(key)?.object ?? null;
  }

  version({ key, versionId }: UploadedObject): StoredVersion | undefined {
    return this.#versions.get(`${key}\n${versionId}`);
  }

  remove(key: string): void {
    this.#current.delete(key);
  }

  keys(): readonly string[] {
    return [...this.#current.keys()].sort();
  }

  /** Versions below a prefix. */
  below(prefix: string): readonly UploadedObject[] {
    return [...this.#versions.values()].map(({ object }) => object).filter(({ key }) => key.startsWith(prefix));
  }

  /** Removes a version for good. */
  forget({ key, versionId }: UploadedObject): void {
    this.#versions.delete(`${key}\n${versionId}`);
    if (this.#current.get(key)?.object.versionId === versionId) this.#current.delete(key);
  }
}

/** Versions in a batch of a deletion. */
const BATCH = 10;

/** A bucket as the deletion sees it: names of versions below a prefix, and their end. */
function versionsOf<V>(below: (prefix: string) => readonly V[], forget: (version: V) => void): StoredVersions {
  return {
    async *count(prefix) {
      yield below(prefix).length;
    },
    async *remove(prefix) {
      for (let batch = below(prefix).slice(0, BATCH); batch.length > 0; batch = below(prefix).slice(0, BATCH)) {
        batch.forEach(forget);
        yield batch.length;
      }
    },
  };
}

/** Makes the entity tag of a version. */
export type EntityTag = (bytes: Uint8Array, versionId: string) => string;

/** Tags as S3 makes them without KMS: equal for equal bytes. */
export const tagOfBytes: EntityTag = (bytes) => `"${checksum(bytes)}-${bytes.length}"`;

/** Both buckets over plain maps. */
export class MemoryObjects implements Landing {
  readonly #landing = new VersionedObjects();
  readonly #stored = new Map<string, Uint8Array>();
  readonly #clock: Clock;
  readonly #tagOf: EntityTag;
  #versions = 0;

  constructor(clock: Clock, tagOf: EntityTag = tagOfBytes) {
    this.#clock = clock;
    this.#tagOf = tagOf;
  }

  /** What SFTP does: a new version under the key. */
  upload(key: string, bytes: Uint8Array): UploadedObject {
    const versionId = `v${String(++this.#versions).padStart(8, '0')}`;
    const object: UploadedObject = {
      key,
      versionId,
      eTag: this.#tagOf(bytes, versionId),
      bytes: bytes.length,
      // S3 keeps whole seconds.
      lastModified: new Date(Math.floor(this.#clock.now().getTime() / 1000) * 1000).toISOString(),
    };
    this.#landing.add({ object, bytes });
    return object;
  }

  async head(key: string): Promise<UploadedObject | null> {
    return this.#landing.current(key);
  }

  async list(prefix: string): Promise<readonly ListedObject[]> {
    const keys = this.#landing
      .keys()
      .filter((key) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/'));
    return keys.flatMap((found) => {
      const object = this.#landing.current(found);
      if (object === null) return [];
      const { key, eTag, bytes, lastModified } = object;
      return [{ key, eTag, bytes, lastModified }];
    });
  }

  async copyToArchive(object: UploadedObject, archiveKey: string): Promise<'copied' | 'gone'> {
    const version = this.#landing.version(object);
    if (version === undefined) return 'gone';
    this.#stored.set(archiveKey, version.bytes);
    return 'copied';
  }

  async remove(object: UploadedObject): Promise<'removed' | 'replaced' | 'gone'> {
    const current = this.#landing.current(object.key);
    if (current === null) return 'gone';
    if (current.eTag !== object.eTag) return 'replaced';
    this.#landing.remove(object.key);
    return 'removed';
  }

  /** The archive bucket. */
  readonly archive: Archive = {
    read: (key, start = 0, endExclusive = Number.POSITIVE_INFINITY) => this.#read(key, start, endExclusive),
    size: async (key) => this.#stored.get(key)?.length ?? null,
    writeText: async (key, text) => {
      this.#stored.set(key, new TextEncoder().encode(text));
    },
    readText: async (key) => {
      const bytes = this.#stored.get(key);
      return bytes === undefined ? null : new TextDecoder().decode(bytes);
    },
    renew: async (key) => this.#stored.has(key),
    writer: (key) => {
      const pieces: Uint8Array[] = [];
      return {
        write: async (bytes) => void pieces.push(bytes.slice()),
        end: async () => void this.#stored.set(key, Buffer.concat(pieces)),
        abandon: async () => void pieces.splice(0),
      };
    },
  };

  /** All versions of the uploads; a removal leaves no marker here. */
  readonly landingVersions: StoredVersions = versionsOf(
    (prefix) => this.#landing.below(prefix),
    (object) => this.#landing.forget(object),
  );

  /** All versions in the archive: one of each object. */
  readonly archiveVersions: StoredVersions = versionsOf(
    (prefix) => [...this.#stored.keys()].filter((key) => key.startsWith(prefix)),
    (key) => void this.#stored.delete(key),
  );

  /** Keys of the current objects that were uploaded and not removed, sorted. */
  landedKeys(): readonly string[] {
    return this.#landing.keys();
  }

  /** Keys in the archive, sorted. */
  archivedKeys(): readonly string[] {
    return [...this.#stored.keys()].sort();
  }

  async *#read(key: string, start: number, endExclusive: number): AsyncGenerator<Uint8Array> {
    const bytes = this.#stored.get(key);
    if (bytes === undefined) throw new ObjectMissing('the object is not in the archive');
    const end = Math.min(endExclusive, bytes.length);
    for (let at = start; at < end; at += PIECE_BYTES) yield bytes.slice(at, Math.min(at + PIECE_BYTES, end));
  }
}

/** FNV-1a over bytes. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}

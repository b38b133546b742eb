import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finishedFiles, writeAtomically } from '../atomic-file.ts';
import type { Checksum } from './checksum.ts';
import { S3Error } from './errors.ts';
import { MultipartUploads } from './multipart-uploads.ts';
import { childText, parseXml } from './xml.ts';

/** One version of an object, or a delete marker (no `data`). What its JSON file in `versions/` holds. */
export interface ObjectVersion {
  readonly key: string;
  /** 'null' in a bucket that is not versioned. */
  readonly versionId: string;
  /** Grows with every version of the bucket; the highest of a key is its current version. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly size: number;
  /** Without quotes. */
  readonly eTag: string;
  /** Name of the file in `data/`; undefined for a delete marker. */
  readonly data?: string;
  /** Content headers and `x-amz-meta-…` as they go out again. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  readonly partCount?: number;
}

/** A version before the bucket has given it its identity. */
export type NewVersion = Omit<ObjectVersion, 'versionId' | 'sequence' | 'lastModified'>;

const SEQUENCE_DIGITS = 12;

/** Begins with the sequence, so that a listing can go on behind a version that was deleted meanwhile. */
const newVersionId = (sequence: number): string =>
  sequence.toString(36).padStart(SEQUENCE_DIGITS, '0') + randomBytes(15).toString('base64url');

/** The sequence in a version id; NaN for 'null' and for what is no version id. */
export const sequenceOfVersionId = (versionId: string): number =>
  /^[0-9a-z]{12}[\w-]{20}$/.test(versionId) ? Number.parseInt(versionId.slice(0, SEQUENCE_DIGITS), 36) : Number.NaN;

/** UTF-8 byte order, which is how S3 lists; UTF-16 order differs only where surrogates are. */
export function compareKeys(left: string, right: string): number {
  if (/[\ud800-\udfff]/.test(left + right)) return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * A bucket on disk. An object version is a data file and a JSON file; the rename of the JSON file is the moment from
 * which it exists. Data files that no JSON file names are what a crash left, and are removed when the bucket is opened.
 * Metadata is kept in memory, bodies never.
 *
 *     versions/<hash of key>.<versionId>.json   data/<id>   uploads/<uploadId>/…   configuration/<name>.xml
 */
export class Bucket {
  readonly name: string;
  readonly createdAt: number;
  readonly uploads: MultipartUploads;
  readonly #directory: string;
  readonly #versions = new Map<string, readonly ObjectVersion[]>();
  readonly #configuration = new Map<string, string>();
  #sequence = 0;
  #sortedKeys: readonly string[] | undefined;

  constructor(directory: string, name: string, createdAt: number) {
    this.#directory = directory;
    this.name = name;
    this.createdAt = createdAt;
    for (const part of ['versions', 'data', 'configuration']) mkdirSync(join(directory, part), { recursive: true });
    this.uploads = new MultipartUploads(join(directory, 'uploads'), (data) => this.dropData(data));
    this.#load();
  }

  /** Enabled and Suspended as on AWS; Unversioned: never set. */
  get versioning(): 'Unversioned' | 'Enabled' | 'Suspended' {
    const xml = this.#configuration.get('versioning');
    const status = xml && childText(parseXml(xml), 'Status');
    return status === 'Enabled' || status === 'Suspended' ? status : 'Unversioned';
  }

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  /** Keys in listing order, those whose newest version is a delete marker included. */
  get keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#versions.keys()].sort(compareKeys);
    return this.#sortedKeys;
  }

  /** Versions of a key, newest first. */
  versionsOf(key: string): readonly ObjectVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The current object; undefined where there is none or the newest version is a delete marker. */
  current(key: string): ObjectVersion | undefined {
    const newest = this.versionsOf(key)[0];
    return newest?.data === undefined ? undefined : newest;
  }

  /** The one version of a key that was written without versioning. */
  nullVersion(key: string): ObjectVersion | undefined {
    return this.versionsOf(key).find(({ versionId }) => versionId === 'null');
  }

  /** One exact version, delete markers included. Throws `NoSuchVersion`. */
  version(key: string, versionId: string): ObjectVersion {
    const version = this.versionsOf(key).find((candidate) => candidate.versionId === versionId);
    if (!version) throw new S3Error('NoSuchVersion', 'The specified version does not exist.');
    return version;
  }

  /** The stored configuration document of that name. */
  configuration(name: string): string | undefined {
    return this.#configuration.get(name);
  }

  /** Stores a configuration document; undefined removes it. */
  configure(name: string, xml: string | undefined): void {
    const path = join(this.#directory, 'configuration', `${name}.xml`);
    if (xml === undefined) {
      rmSync(path, { force: true });
      this.#configuration.delete(name);
    } else {
      writeAtomically(path, xml);
      this.#configuration.set(name, xml);
    }
  }

  /** A name for a new data file. */
  newDataName(): string {
    return randomBytes(16).toString('hex');
  }

  dataPath(data: string): string {
    return join(this.#directory, 'data', data);
  }

  /** Opens a version's body; the descriptor stays good when the version is removed meanwhile. */
  openData(version: ObjectVersion): number {
    return openSync(this.dataPath(version.data ?? ''), 'r');
  }

  dropData(data: string | undefined): void {
    if (data !== undefined) rmSync(this.dataPath(data), { force: true });
  }

  /** Makes `draft` the newest version of its key; the null version is replaced, others stay behind it. */
  add(draft: NewVersion, now: Date): ObjectVersion {
    this.#sequence = Math.max(this.#sequence + 1, now.getTime() * 1000);
    const versionId = this.versioning === 'Enabled' ? newVersionId(this.#sequence) : 'null';
    const version = { ...draft, versionId, sequence: this.#sequence, lastModified: now.getTime() };
    writeAtomically(this.#metadataPath(version), JSON.stringify(version));
    const others = this.versionsOf(draft.key).filter((other) => other.versionId !== versionId);
    const replaced = this.versionsOf(draft.key).find((other) => other.versionId === versionId);
    this.#set(draft.key, [version, ...others]);
    this.dropData(replaced?.data);
    return version;
  }

  /** Writes changed metadata (tags) of an existing version. */
  rewrite(version: ObjectVersion): void {
    writeAtomically(this.#metadataPath(version), JSON.stringify(version));
    const all = this.versionsOf(version.key);
    this.#set(
      version.key,
      all.map((other) => (other.versionId === version.versionId ? version : other)),
    );
  }

  /** Removes one version for good. */
  remove(version: ObjectVersion): void {
    rmSync(this.#metadataPath(version), { force: true });
    this.#set(
      version.key,
      this.versionsOf(version.key).filter((other) => other !== version),
    );
    this.dropData(version.data);
  }

  #set(key: string, versions: readonly ObjectVersion[]): void {
    if (versions.length === 0) this.#versions.delete(key);
    if (versions.length === 0 || !this.#versions.has(key)) this.#sortedKeys = undefined;
    if (versions.length > 0) this.#versions.set(key, versions);
  }

  /** The key's hash, because keys are longer than file names may be and hold every character. */
  #metadataPath({ key, versionId }: ObjectVersion): string {
    const hash = createHash('sha256').update(key).digest('hex');
    return join(this.#directory, 'versions', `${hash}.${versionId}.json`);
  }

  #load(): void {
    const live = new Set(this.uploads.dataNames());
    for (const name of finishedFiles(join(this.#directory, 'versions'))) {
      const version: ObjectVersion = JSON.parse(readFileSync(join(this.#directory, 'versions', name), 'utf8'));
      this.#versions.set(version.key, [...this.versionsOf(version.key), version]);
      this.#sequence = Math.max(this.#sequence, version.sequence);
      if (version.data !== undefined) live.add(version.data);
    }
    for (const [key, versions] of this.#versions) {
      this.#versions.set(
        key,
        versions.toSorted((left, right) => right.sequence - left.sequence),
      );
    }
    for (const name of finishedFiles(join(this.#directory, 'configuration'))) {
      const xml = readFileSync(join(this.#directory, 'configuration', name), 'utf8');
      this.#configuration.set(name.replace(/\.xml$/, ''), xml);
    }
    for (const data of readdirSync(join(this.#directory, 'data'))) if (!live.has(data)) this.dropData(data);
  }
}

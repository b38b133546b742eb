import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../atomic-file.ts';
import { Bucket } from './bucket.ts';
import { S3Error } from './errors.ts';

/** Written last when a bucket is made and removed first when it is deleted: a folder without it is no bucket. */
const MARKER = 'bucket.json';
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** All buckets of a data directory, loaded when it is opened. */
export class BucketStore {
  readonly #directory: string;
  readonly #buckets = new Map<string, Bucket>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory)) {
      const marker = join(directory, name, MARKER);
      if (existsSync(marker)) {
        const { createdAt }: { createdAt: number } = JSON.parse(readFileSync(marker, 'utf8'));
        this.#buckets.set(name, new Bucket(join(directory, name), name, createdAt));
      } else if (BUCKET_NAME.test(name)) rmSync(join(directory, name), { recursive: true, force: true });
    }
  }

  list(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** Throws `NoSuchBucket`. */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', `The specified bucket does not exist: ${name}`);
    return bucket;
  }

  /** Throws `BucketAlreadyOwnedByYou`, `InvalidBucketName`. */
  create(name: string, now: Date): void {
    if (!BUCKET_NAME.test(name)) throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
    if (this.#buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', 'You own this bucket already.');
    const createdAt = now.getTime();
    const bucket = new Bucket(join(this.#directory, name), name, createdAt);
    writeAtomically(join(this.#directory, name, MARKER), JSON.stringify({ createdAt }));
    this.#buckets.set(name, bucket);
  }

  /** Throws `NoSuchBucket`, `BucketNotEmpty` (versions and delete markers count). */
  delete(name: string): void {
    if (!this.bucket(name).isEmpty) throw new S3Error('BucketNotEmpty', 'The bucket still holds versions.');
    rmSync(join(this.#directory, name, MARKER));
    rmSync(join(this.#directory, name), { recursive: true, force: true });
    this.#buckets.delete(name);
  }
}

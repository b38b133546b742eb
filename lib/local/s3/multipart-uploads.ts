import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finishedFiles, writeAtomically } from '../atomic-file.ts';
import type { Checksum, ChecksumAlgorithm } from './checksum.ts';
import { S3Error } from './errors.ts';

/** An upload in parts that was started. What `upload.json` holds. */
export interface MultipartUpload {
  readonly uploadId: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly initiated: number;
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType?: Checksum['type'];
}

/** One part. What `<number>.json` holds. */
export interface UploadedPart {
  readonly number: number;
  /** Name of the data file. */
  readonly data: string;
  readonly size: number;
  readonly eTag: string;
  readonly lastModified: number;
  readonly checksum?: Checksum;
}

/** The uploads in progress of one bucket, in a folder each; `upload.json` is what makes the folder an upload. */
export class MultipartUploads {
  readonly #directory: string;
  readonly #dropData: (data: string) => void;

  constructor(directory: string, dropData: (data: string) => void) {
    this.#directory = directory;
    this.#dropData = dropData;
    mkdirSync(directory, { recursive: true });
    for (const id of readdirSync(directory)) {
      if (!existsSync(join(directory, id, 'upload.json'))) rmSync(join(directory, id), { recursive: true });
    }
  }

  create(draft: Omit<MultipartUpload, 'uploadId'>): MultipartUpload {
    const upload = { ...draft, uploadId: randomBytes(24).toString('base64url') };
    mkdirSync(join(this.#directory, upload.uploadId));
    writeAtomically(join(this.#directory, upload.uploadId, 'upload.json'), JSON.stringify(upload));
    return upload;
  }

  list(): readonly MultipartUpload[] {
    return readdirSync(this.#directory).map((id) => this.#read(id));
  }

  /** Throws `NoSuchUpload`, also for an upload of another key. */
  find(uploadId: string, key: string): MultipartUpload {
    const known = /^[\w-]{32}$/.test(uploadId) && existsSync(join(this.#directory, uploadId, 'upload.json'));
    const upload = known ? this.#read(uploadId) : undefined;
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', 'The upload does not exist, was aborted or completed.');
    return upload;
  }

  /** Parts by number. */
  parts({ uploadId }: MultipartUpload): readonly UploadedPart[] {
    const directory = join(this.#directory, uploadId);
    return finishedFiles(directory)
      .filter((name) => name !== 'upload.json')
      .map((name): UploadedPart => JSON.parse(readFileSync(join(directory, name), 'utf8')))
      .sort((left, right) => left.number - right.number);
  }

  /** Stores a part; an earlier one of the same number is replaced. */
  putPart({ uploadId }: MultipartUpload, part: UploadedPart): void {
    const path = join(this.#directory, uploadId, `${part.number}.json`);
    const replaced: UploadedPart | undefined = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
    writeAtomically(path, JSON.stringify(part));
    if (replaced) this.#dropData(replaced.data);
  }

  /** Ends an upload, completed or aborted: it and its parts are gone. */
  remove(upload: MultipartUpload): void {
    const parts = this.parts(upload);
    rmSync(join(this.#directory, upload.uploadId, 'upload.json'));
    rmSync(join(this.#directory, upload.uploadId), { recursive: true });
    for (const part of parts) this.#dropData(part.data);
  }

  /** The data files that parts refer to. */
  dataNames(): readonly string[] {
    return this.list().flatMap((upload) => this.parts(upload).map((part) => part.data));
  }

  #read(uploadId: string): MultipartUpload {
    return JSON.parse(readFileSync(join(this.#directory, uploadId, 'upload.json'), 'utf8'));
  }
}

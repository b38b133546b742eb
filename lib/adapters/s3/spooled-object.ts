import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectWriter } from '../../ports/objects.ts';

/** Spools bytes to a file of this process and stores them as one object, whole or not at all. At most 5 GB. */
export class SpooledObject implements ObjectWriter {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #key: string;
  readonly #path = join(tmpdir(), `rollcall-${randomUUID()}`);
  #file: FileHandle | null = null;

  constructor(s3: S3Client, bucket: string, key: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#key = key;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#file ??= await open(this.#path, 'wx', 0o600);
    await this.#file.write(bytes);
  }

  async end(): Promise<void> {
    this.#file ??= await open(this.#path, 'wx', 0o600);
    await this.#file.close();
    this.#file = null;
    try {
      const { size } = await stat(this.#path);
      const Body = createReadStream(this.#path);
      await this.#s3.send(
        new PutObjectCommand({ Bucket: this.#bucket, Key: this.#key, Body, ContentLength: size }),
      );
    } finally {
      await rm(this.#path, { force: true });
    }
  }

  async abandon(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    await rm(this.#path, { force: true });
  }
}

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectWriter } from '../../ports/objects.ts';
import { statusOf } from './s3-error.ts';

/** The SDK cannot send a stream twice, so that retries are ours. */
const ATTEMPTS = 4;

/**
 * Writes to a file in `folder` and stores it with one PutObject at the end: readers see all of it or
 * nothing, and S3 takes up to 5 GB that way (a function's /tmp is smaller). The file is readable by its owner only and
 * gone afterwards, whatever happened.
 */
export function spooledWriter(client: S3Client, bucket: string, key: string, folder: string): ObjectWriter {
  const path = join(folder, `rollcall-${randomUUID()}`);
  let file: Promise<FileHandle> | null = null;
  let size = 0;
  const spool = () => {
    file ??= open(path, 'wx', 0o600);
    return file;
  };
  const drop = async () => {
    if (file === null) return;
    const handle = await file;
    file = null;
    await handle.close();
    await unlink(path);
  };
  return {
    async write(bytes) {
      const handle = await spool();
      size += bytes.length;
      // One write may take less than all of it.
      for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
    },
    async end() {
      await spool();
      try {
        await putFile(client, { Bucket: bucket, Key: key }, path, size);
      } finally {
        await drop();
      }
    },
    abandon: drop,
  };
}

async function putFile(
  client: S3Client,
  target: { Bucket: string; Key: string },
  path: string,
  ContentLength: number,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const Body = createReadStream(path);
    try {
      await client.send(new PutObjectCommand({ ...target, Body, ContentLength }));
      return;
    } catch (error) {
      const status = statusOf(error);
      const final = status !== null && status < 500;
      if (final || attempt === ATTEMPTS) throw error;
    } finally {
      Body.destroy();
    }
  }
}

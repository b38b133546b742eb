import { tmpdir } from 'node:os';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ObjectMissing, ServiceBusy } from '../../ports/failure.ts';
import type { Archive } from '../../ports/objects.ts';
import { isMissing, statusOf } from './s3-error.ts';
import { spooledWriter } from './spooled-writer.ts';

/** The range starts at or after the end of the object. */
const RANGE_NOT_SATISFIABLE = 416;

/** How often a broken download is taken up again where it stopped, without a byte in between. */
const MAX_RESUMES = 4;

/** The archive bucket in S3; large objects are spooled to `spoolFolder` on their way. Failures: `ObjectMissing`, `ServiceBusy`. */
export function createArchive(client: S3Client, bucket: string, spoolFolder: string = tmpdir()): Archive {
  return {
    read: (key, start = 0, endExclusive) => readObject(client, bucket, key, start, endExclusive),
    async size(key) {
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return head.ContentLength ?? 0;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async writeText(key, text) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
    },
    async readText(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (Body === undefined) return '';
        return await Body.transformToString('utf-8').catch((error: unknown) => {
          throw brokenOff(error);
        });
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async renew(key) {
      try {
        // S3 copies an object onto itself only where something about it is new: its metadata, which are none.
        const onto = {
          Bucket: bucket,
          Key: key,
          CopySource: `${bucket}/${key}`,
          MetadataDirective: 'REPLACE',
        } as const;
        await client.send(new CopyObjectCommand(onto));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    writer: (key) => spooledWriter(client, bucket, key, spoolFolder),
  };
}

/** S3 answered and then the connection broke, again and again: a network, not a defect, so it must not fail a sync. */
const brokenOff = (cause: unknown): ServiceBusy => new ServiceBusy('a download broke off', { cause });

const rangeOf = (start: number, endExclusive: number | undefined): { Range?: string } => {
  if (endExclusive !== undefined) return { Range: `bytes=${start}-${endExclusive - 1}` };
  return start > 0 ? { Range: `bytes=${start}-` } : {};
};

/**
 * Streams a range. A connection that breaks is taken up again at the byte where it broke, if the object still is the
 * same one: a large file takes minutes to read, and the SDK retries requests only until the first byte.
 */
async function* readObject(
  client: S3Client,
  bucket: string,
  key: string,
  start: number,
  endExclusive: number | undefined,
): AsyncGenerator<Uint8Array> {
  let offset = start;
  let eTag: string | undefined;
  let resumes = 0;
  while (endExclusive === undefined || offset < endExclusive) {
    const answer = await getRange(client, bucket, key, { ...rangeOf(offset, endExclusive), IfMatch: eTag });
    if (answer === null) return;
    eTag = answer.ETag;
    try {
      for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
        yield chunk;
        offset += chunk.length;
        resumes = 0;
      }
      return;
    } catch (error) {
      if (statusOf(error) !== null) throw error;
      if (++resumes > MAX_RESUMES) throw brokenOff(error);
    }
  }
}

/** Null where the range is empty. */
async function getRange(
  client: S3Client,
  bucket: string,
  key: string,
  range: { Range?: string; IfMatch: string | undefined },
) {
  try {
    return await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }));
  } catch (error) {
    if (statusOf(error) === RANGE_NOT_SATISFIABLE) return null;
    if (isMissing(error)) throw new ObjectMissing('the object is not in the archive', { cause: error });
    throw error;
  }
}

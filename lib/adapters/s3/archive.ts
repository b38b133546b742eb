import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ObjectMissing } from '../../ports/failure.ts';
import type { Archive } from '../../ports/objects.ts';
import { isMissing } from './s3-errors.ts';
import { SpooledObject } from './spooled-object.ts';

/** The archive bucket. */
export function createArchive(s3: S3Client, bucket: string): Archive {
  return {
    read: (key, start, endExclusive) => readObject(s3, bucket, key, start, endExclusive),
    async size(key) {
      try {
        return (await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength ?? 0;
      } catch (thrown) {
        if (isMissing(thrown)) return null;
        throw thrown;
      }
    },
    async writeText(key, text) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' }));
    },
    async readText(key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await Body?.transformToString()) ?? '';
      } catch (thrown) {
        if (isMissing(thrown)) return null;
        throw thrown;
      }
    },
    writer: (key) => new SpooledObject(s3, bucket, key),
  };
}

async function* readObject(
  s3: S3Client,
  bucket: string,
  key: string,
  start: number = 0,
  endExclusive?: number,
): AsyncGenerator<Uint8Array> {
  if (endExclusive !== undefined && endExclusive <= start) return;
  // Without an end, a start of 0 means the whole object: a range would fail on an empty one.
  const range = start === 0 && endExclusive === undefined ? {} : { Range: `bytes=${start}-${rangeEnd(endExclusive)}` };
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }));
    for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) yield chunk;
  } catch (thrown) {
    if (isMissing(thrown)) throw new ObjectMissing('an archived object is missing', { cause: thrown });
    throw thrown;
  }
}

const rangeEnd = (endExclusive: number | undefined): string => (endExclusive === undefined ? '' : String(endExclusive - 1));

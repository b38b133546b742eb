import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Landing, ListedObject, UploadedObject } from '../../ports/objects.ts';
import { isMissing, statusOf } from './s3-error.ts';

const PRECONDITION_FAILED = 412;
const METHOD_NOT_ALLOWED = 405;

/** S3 keeps whole seconds, and says so in some answers only. */
const wholeSeconds = (time: Date | undefined): string =>
  new Date(Math.floor((time?.getTime() ?? 0) / 1000) * 1000).toISOString();

/** The value of `x-amz-copy-source`: percent-encoded, slashes kept. */
const copySource = (bucket: string, { key, versionId }: UploadedObject): string =>
  `${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}?versionId=${encodeURIComponent(versionId)}`;

/**
 * The landing bucket in S3. It is versioned: a copy names the version, and a removal leaves a delete marker over the one
 * that was claimed. Exports are far below the 5 GB that one copy request takes.
 */
export function createLanding(client: S3Client, landingBucket: string, archiveBucket: string): Landing {
  return {
    async head(key) {
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket: landingBucket, Key: key }));
        return {
          key,
          versionId: head.VersionId ?? 'null',
          eTag: head.ETag ?? '',
          bytes: head.ContentLength ?? 0,
          lastModified: wholeSeconds(head.LastModified),
        };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async list(prefix) {
      const found: ListedObject[] = [];
      const pages = paginateListObjectsV2({ client }, { Bucket: landingBucket, Prefix: prefix, Delimiter: '/' });
      for await (const { Contents = [] } of pages) {
        for (const { Key = '', ETag = '', Size = 0, LastModified } of Contents) {
          found.push({ key: Key, eTag: ETag, bytes: Size, lastModified: wholeSeconds(LastModified) });
        }
      }
      return found;
    },
    async copyToArchive(object, archiveKey) {
      try {
        const CopySource = copySource(landingBucket, object);
        await client.send(new CopyObjectCommand({ Bucket: archiveBucket, Key: archiveKey, CopySource }));
        return 'copied';
      } catch (error) {
        if (isMissing(error) || statusOf(error) === METHOD_NOT_ALLOWED) return 'gone';
        throw error;
      }
    },
    async remove(object) {
      try {
        const current = { Bucket: landingBucket, Key: object.key, IfMatch: object.eTag };
        await client.send(new DeleteObjectCommand(current));
        return 'removed';
      } catch (error) {
        if (statusOf(error) === PRECONDITION_FAILED) return 'replaced';
        if (isMissing(error)) return 'gone';
        throw error;
      }
    },
  };
}

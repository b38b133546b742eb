import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Landing } from '../../ports/objects.ts';
import { isMissing, statusOf } from './s3-errors.ts';

/** The landing bucket. Objects above 5 GB cannot be copied in one call; an export of that size is refused upstream. */
export function createLanding(s3: S3Client, landingBucket: string, archiveBucket: string): Landing {
  return {
    async head(key) {
      try {
        const found = await s3.send(new HeadObjectCommand({ Bucket: landingBucket, Key: key }));
        return {
          key,
          versionId: found.VersionId ?? 'null',
          eTag: found.ETag ?? '',
          bytes: found.ContentLength ?? 0,
          lastModified: (found.LastModified ?? new Date(0)).toISOString(),
        };
      } catch (thrown) {
        if (isMissing(thrown)) return null;
        throw thrown;
      }
    },
    async copyToArchive(object, archiveKey) {
      const source = `${landingBucket}/${encodeKey(object.key)}?versionId=${encodeURIComponent(object.versionId)}`;
      try {
        await s3.send(
          new CopyObjectCommand({ Bucket: archiveBucket, Key: archiveKey, CopySource: source, CopySourceIfMatch: object.eTag }),
        );
        return 'copied';
      } catch (thrown) {
        if (isMissing(thrown) || statusOf(thrown) === 412) return 'gone';
        throw thrown;
      }
    },
    async remove(object) {
      try {
        await s3.send(new DeleteObjectCommand({ Bucket: landingBucket, Key: object.key, IfMatch: object.eTag }));
        return 'removed';
      } catch (thrown) {
        if (statusOf(thrown) === 412) return 'replaced';
        if (isMissing(thrown)) return 'gone';
        throw thrown;
      }
    },
  };
}

/** A key inside CopySource: each part of the path percent-encoded, slashes kept. */
const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

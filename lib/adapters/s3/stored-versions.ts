import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ServiceBusy } from '../../ports/failure.ts';
import type { StoredVersions } from '../../ports/stored-versions.ts';

interface Page {
  readonly objects: { Key: string; VersionId: string }[];
  readonly next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | null;
}

/** Keys come URL-encoded: XML cannot hold every character that a file name can. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

/** Versions of the objects of a bucket in S3, delete markers too. A page has 1,000, which is what one delete takes. */
export function createStoredVersions(client: S3Client, bucket: string): StoredVersions {
  async function* pages(prefix: string): AsyncGenerator<Page> {
    if (!prefix.endsWith('/')) throw new Error('a prefix without a slash at its end reaches into other districts');
    for (let at: Page['next'] = {}; at !== null; ) {
      const request = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url', ...at });
      const answer: ListObjectVersionsCommandOutput = await client.send(request);
      const found = [...(answer.Versions ?? []), ...(answer.DeleteMarkers ?? [])];
      const objects = found.map(({ Key = '', VersionId = 'null' }) => ({ Key: decoded(Key), VersionId }));
      const { NextKeyMarker = '', NextVersionIdMarker } = answer;
      at = answer.IsTruncated ? { KeyMarker: decoded(NextKeyMarker), VersionIdMarker: NextVersionIdMarker } : null;
      if (objects.length > 0) yield { objects, next: at };
    }
  }
  return {
    async *count(prefix) {
      for await (const { objects } of pages(prefix)) yield objects.length;
    },
    async *remove(prefix) {
      for await (const { objects } of pages(prefix)) {
        const Delete = { Objects: objects, Quiet: true };
        const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }));
        // What S3 could not delete is listed and deleted by the next try; a right that is missing stays missing.
        const refused = Errors.find(({ Code }) => Code === 'AccessDenied');
        if (refused) throw new Error('S3 does not allow the deletion of a version');
        if (Errors.length > 0) throw new ServiceBusy(`S3 did not delete ${Errors.length} versions`);
        yield objects.length;
      }
    },
  };
}

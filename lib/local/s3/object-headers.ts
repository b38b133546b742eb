import type { Bucket, ObjectVersion } from './bucket.ts';
import type { Call } from './call.ts';
import { type Checksum, checksumElement, checksumHeader } from './checksum.ts';
import { S3Error } from './errors.ts';
import { leaf } from './xml.ts';

const KEPT = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-storage-class',
]);

/** The headers of a write that are stored and come back with every read. */
export function headersToKeep({ headers }: Call): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && (KEPT.has(name) || name.startsWith('x-amz-meta-'))) kept[name] = value;
  }
  // aws-chunked is how the body travelled, not what it is.
  const encodings = (kept['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const encoding = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(',');
  const { 'content-encoding': _, ...others } = kept;
  return encoding ? { ...others, 'content-encoding': encoding } : others;
}

/** Tags as the `x-amz-tagging` header writes them (`a=b&c=d`). */
export const parseTagHeader = (value: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(value ?? ''));

/** Headers that say which object a write made. */
export const identityHeaders = (bucket: Bucket, version: ObjectVersion): Record<string, string> => ({
  ...(version.data === undefined ? {} : { etag: `"${version.eTag}"` }),
  ...(bucket.versioning === 'Unversioned' && version.versionId === 'null'
    ? {}
    : { 'x-amz-version-id': version.versionId }),
});

/** The checksum as headers. */
export const checksumHeaders = (checksum: Checksum | undefined): Record<string, string> =>
  checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};

/** The checksum as XML. */
export const checksumXml = (checksum: Checksum | undefined): string =>
  checksum ? leaf(checksumElement(checksum.algorithm), checksum.value) + leaf('ChecksumType', checksum.type) : '';

/** A time in an XML answer: S3 knows whole seconds only. */
export const xmlTime = (milliseconds: number): string => new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();

/**
 * The version that a read names: by `versionId`, else the current one. Throws `NoSuchKey`, `NoSuchVersion`,
 * `MethodNotAllowed` for a delete marker named by its id.
 */
export function findVersion(bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId === undefined) {
    const current = bucket.current(key);
    if (current) return current;
    const marker = bucket.versionsOf(key)[0];
    const headers = marker ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId } : {};
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', headers);
  }
  const version = bucket.version(key, versionId);
  if (version.data !== undefined) return version;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId, allow: 'DELETE' };
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against a delete marker.', headers);
}

import { createReadStream } from 'node:fs';
import { receiveFile, spool } from './body.ts';
import type { Bucket, NewVersion, ObjectVersion } from './bucket.ts';
import { type Call, type Operation, type Service, xmlReply } from './call.ts';
import { parseChecksumAlgorithm } from './checksum.ts';
import { demandCopyable, demandUnchanged } from './conditions.ts';
import { S3Error } from './errors.ts';
import { announceCreated, type CreatedEvent } from './notifications.ts';
import {
  checksumHeaders,
  checksumXml,
  findVersion,
  headersToKeep,
  identityHeaders,
  parseTagHeader,
  xmlTime,
} from './object-headers.ts';
import { leaf, xmlDocument } from './xml.ts';

/**
 * The one way into existence for an object: conditions, new version and event in one go, so that of two writers that
 * both demand the same ETag exactly one wins. Its data file is dropped when the conditions fail.
 */
export async function commitObject(
  call: Call,
  service: Service,
  bucket: Bucket,
  draft: NewVersion,
  event: CreatedEvent,
): Promise<ObjectVersion> {
  try {
    demandUnchanged(call.headers, bucket.current(draft.key));
  } catch (error) {
    bucket.dropData(draft.data);
    throw error;
  }
  const version = bucket.add(draft, service.clock.now());
  await announceCreated(call, service, bucket, version, event);
  return version;
}

/** PutObject. */
export const putObject: Operation = async (call, service) => {
  const bucket = service.store.bucket(call.bucket);
  const data = bucket.newDataName();
  const { size, md5, checksum } = await receiveFile(call, bucket.dataPath(data));
  const draft = {
    key: call.key,
    size,
    eTag: md5,
    data,
    headers: headersToKeep(call),
    tags: parseTagHeader(call.headers['x-amz-tagging']),
    ...(checksum && { checksum }),
  };
  const version = await commitObject(call, service, bucket, draft, 'ObjectCreated:Put');
  return { status: 200, headers: { ...identityHeaders(bucket, version), ...checksumHeaders(checksum) } };
};

/** The object that `x-amz-copy-source` names, its conditions checked. Throws as a read does. */
export function copySource({ headers }: Call, { store }: Service): { bucket: Bucket; version: ObjectVersion } {
  const match = /^\/?([^/]+)\/(.+?)(?:\?versionId=([^&]+))?$/s.exec(headers['x-amz-copy-source'] ?? '');
  if (!match) throw new S3Error('InvalidArgument', 'x-amz-copy-source must be <bucket>/<key>[?versionId=<id>].');
  const [, bucketName = '', encodedKey = '', versionId] = match;
  let key: string;
  try {
    key = decodeURIComponent(encodedKey);
  } catch {
    throw new S3Error('InvalidArgument', 'x-amz-copy-source must be URL-encoded.');
  }
  const bucket = store.bucket(bucketName);
  const version = findVersion(bucket, key, versionId);
  demandCopyable(headers, version);
  return { bucket, version };
}

/** CopyObject: always copies the bytes, so the ETag becomes their MD5, and one checksum over the whole object. */
export const copyObject: Operation = async (call, service) => {
  const { headers } = call;
  const bucket = service.store.bucket(call.bucket);
  const source = copySource(call, service);
  const replaceHeaders = headers['x-amz-metadata-directive'] === 'REPLACE';
  if (!replaceHeaders && source.bucket === bucket && source.version === bucket.current(call.key)) {
    throw new S3Error('InvalidRequest', 'An object cannot be copied onto itself without a change.');
  }
  const data = bucket.newDataName();
  const algorithm = parseChecksumAlgorithm(headers['x-amz-checksum-algorithm']) ?? source.version.checksum?.algorithm;
  const bytes = createReadStream('', { fd: source.bucket.openData(source.version) });
  const { size, md5, checksum } = await spool(bytes, bucket.dataPath(data), algorithm);
  const replaceTags = headers['x-amz-tagging-directive'] === 'REPLACE';
  const draft = {
    key: call.key,
    size,
    eTag: md5,
    data,
    headers: replaceHeaders ? headersToKeep(call) : source.version.headers,
    tags: replaceTags ? parseTagHeader(headers['x-amz-tagging']) : source.version.tags,
    ...(checksum && { checksum }),
  };
  const version = await commitObject(call, service, bucket, draft, 'ObjectCreated:Copy');
  const { etag, ...identity } = identityHeaders(bucket, version);
  const sourceVersion = identityHeaders(source.bucket, source.version)['x-amz-version-id'];
  return xmlReply(
    xmlDocument(
      'CopyObjectResult',
      leaf('LastModified', xmlTime(version.lastModified)),
      leaf('ETag', etag),
      checksumXml(checksum),
    ),
    { ...identity, 'x-amz-copy-source-version-id': sourceVersion },
  );
};

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { receiveText, spool } from './body.ts';
import type { Bucket } from './bucket.ts';
import { type Operation, xmlReply } from './call.ts';
import { type Checksum, type ChecksumAlgorithm, checksumElement, checksumHeader, newDigest } from './checksum.ts';
import { S3Error } from './errors.ts';
import { findUpload } from './multipart.ts';
import type { UploadedPart } from './multipart-uploads.ts';
import { checksumXml, identityHeaders } from './object-headers.ts';
import { commitObject } from './object-writes.ts';
import { childrenOf, childText, leaf, parseXml, xmlDocument } from './xml.ts';

/** Every part but the last has at least this many bytes. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** The parts that a completion names, in its order. Throws `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`. */
function chosenParts(xml: string, stored: readonly UploadedPart[]): readonly UploadedPart[] {
  const chosen = childrenOf(parseXml(xml), 'Part').map((wanted) => {
    const part = stored.find(({ number }) => number === Number(childText(wanted, 'PartNumber')));
    const eTag = childText(wanted, 'ETag')?.replace(/^"|"$/g, '');
    const checksum = part?.checksum && childText(wanted, checksumElement(part.checksum.algorithm));
    if (!part || part.eTag !== eTag || (checksum !== undefined && checksum !== part.checksum?.value)) {
      throw new S3Error('InvalidPart', `Part ${childText(wanted, 'PartNumber')} is missing or has another ETag.`);
    }
    return part;
  });
  if (chosen.length === 0) throw new S3Error('MalformedXML', 'A completion must name its parts.');
  if (chosen.some((part, index) => index > 0 && part.number <= (chosen[index - 1]?.number ?? 0))) {
    throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  if (chosen.slice(0, -1).some((part) => part.size < MIN_PART_BYTES)) {
    throw new S3Error('EntityTooSmall', 'A part that is not the last is smaller than 5 MiB.');
  }
  return chosen;
}

/** The checksum of the parts' checksums. */
function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly UploadedPart[]): Checksum {
  const digest = newDigest(algorithm);
  for (const { checksum } of parts) digest.update(Buffer.from(checksum?.value ?? '', 'base64'));
  return { algorithm, value: `${digest.base64()}-${parts.length}`, type: 'COMPOSITE' };
}

async function* concatenate(bucket: Bucket, parts: readonly UploadedPart[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* createReadStream(bucket.dataPath(part.data)) as AsyncIterable<Buffer>;
}

const eTagOfParts = (parts: readonly UploadedPart[]): string => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part.eTag, 'hex');
  return `${hash.digest('hex')}-${parts.length}`;
};

/** CompleteMultipartUpload: writes the parts behind each other into one data file, then commits like a PUT. */
export const completeMultipartUpload: Operation = async (call, service) => {
  const { bucket, upload } = findUpload(call, service);
  const parts = chosenParts(await receiveText(call), bucket.uploads.parts(upload));
  const data = bucket.newDataName();
  const whole = await spool(concatenate(bucket, parts), bucket.dataPath(data), upload.algorithm);
  const { algorithm, checksumType } = upload;
  const checksum = algorithm && checksumType === 'COMPOSITE' ? compositeChecksum(algorithm, parts) : whole.checksum;
  try {
    bucket.uploads.find(upload.uploadId, upload.key);
    const expected = checksum && call.headers[checksumHeader(checksum.algorithm)];
    if (expected !== undefined && expected !== checksum?.value) {
      throw new S3Error('BadDigest', 'The checksum does not match the completed object.');
    }
    const expectedSize = call.headers['x-amz-mp-object-size'];
    if (expectedSize !== undefined && Number(expectedSize) !== whole.size) {
      throw new S3Error('InvalidRequest', 'x-amz-mp-object-size does not match the parts.');
    }
  } catch (error) {
    bucket.dropData(data);
    throw error;
  }
  const draft = {
    key: upload.key,
    size: whole.size,
    eTag: eTagOfParts(parts),
    data,
    headers: upload.headers,
    tags: upload.tags,
    partCount: parts.length,
    ...(checksum && { checksum }),
  };
  const version = await commitObject(call, service, bucket, draft, 'ObjectCreated:CompleteMultipartUpload');
  bucket.uploads.remove(upload);
  const { etag, ...identity } = identityHeaders(bucket, version);
  return xmlReply(
    xmlDocument(
      'CompleteMultipartUploadResult',
      leaf('Location', `http://${call.headers['host']}/${call.bucket}/${encodeURIComponent(call.key)}`),
      leaf('Bucket', call.bucket),
      leaf('Key', call.key),
      leaf('ETag', etag),
      checksumXml(checksum),
    ),
    identity,
  );
};

import { createReadStream } from 'node:fs';
import { receiveFile, spool } from './body.ts';
import type { Bucket } from './bucket.ts';
import { type Call, type Operation, type Service, xmlReply } from './call.ts';
import { type Checksum, type ChecksumAlgorithm, parseChecksumAlgorithm } from './checksum.ts';
import { S3Error } from './errors.ts';
import type { MultipartUpload } from './multipart-uploads.ts';
import { checksumHeaders, checksumXml, headersToKeep, parseTagHeader, xmlTime } from './object-headers.ts';
import { copySource } from './object-writes.ts';
import { element, leaf, xmlDocument } from './xml.ts';

const MAX_PART_NUMBER = 10_000;

/** The upload that a call names. Throws `NoSuchBucket`, `NoSuchUpload`. */
export const findUpload = (call: Call, { store }: Service): { bucket: Bucket; upload: MultipartUpload } => {
  const bucket = store.bucket(call.bucket);
  return { bucket, upload: bucket.uploads.find(call.query.get('uploadId') ?? '', call.key) };
};

/** S3's default: CRC64NVME covers the whole object, the others the parts' checksums. SHA can only be the latter. */
function checksumTypeFor(algorithm: ChecksumAlgorithm, wanted: string | undefined): Checksum['type'] {
  const type = wanted ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const possible = algorithm.startsWith('SHA')
    ? type === 'COMPOSITE'
    : type === 'FULL_OBJECT' || algorithm !== 'CRC64NVME';
  if ((type !== 'COMPOSITE' && type !== 'FULL_OBJECT') || !possible) {
    throw new S3Error('InvalidRequest', `The checksum type ${type} cannot be used with ${algorithm}.`);
  }
  return type;
}

/** CreateMultipartUpload. */
export const createMultipartUpload: Operation = (call, { store, clock }) => {
  const bucket = store.bucket(call.bucket);
  const algorithm = parseChecksumAlgorithm(call.headers['x-amz-checksum-algorithm']);
  const checksumType = algorithm && checksumTypeFor(algorithm, call.headers['x-amz-checksum-type']);
  const { uploadId } = bucket.uploads.create({
    key: call.key,
    headers: headersToKeep(call),
    tags: parseTagHeader(call.headers['x-amz-tagging']),
    initiated: clock.now().getTime(),
    ...(algorithm && { algorithm }),
    ...(checksumType && { checksumType }),
  });
  return xmlReply(
    xmlDocument(
      'InitiateMultipartUploadResult',
      leaf('Bucket', call.bucket),
      leaf('Key', call.key),
      leaf('UploadId', uploadId),
    ),
    { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': checksumType },
  );
};

function partNumber(call: Call): number {
  const number = Number(call.query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= MAX_PART_NUMBER) return number;
  throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MAX_PART_NUMBER}`);
}

/** UploadPart. */
export const uploadPart: Operation = async (call, service) => {
  const { bucket, upload } = findUpload(call, service);
  const number = partNumber(call);
  const data = bucket.newDataName();
  const { size, md5, checksum } = await receiveFile(call, bucket.dataPath(data), upload.algorithm);
  const lastModified = service.clock.now().getTime();
  bucket.uploads.putPart(upload, { number, data, size, eTag: md5, lastModified, ...(checksum && { checksum }) });
  return { status: 200, headers: { etag: `"${md5}"`, ...checksumHeaders(checksum) } };
};

/** UploadPartCopy: a part from (a range of) an object. */
export const uploadPartCopy: Operation = async (call, service) => {
  const { bucket, upload } = findUpload(call, service);
  const number = partNumber(call);
  const source = copySource(call, service);
  const rangeHeader = call.headers['x-amz-copy-source-range'];
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(rangeHeader ?? `bytes=0-${source.version.size - 1}`) ?? [];
  if (start === undefined || Number(end) >= source.version.size || Number(start) > Number(end)) {
    throw new S3Error('InvalidArgument', 'x-amz-copy-source-range must be bytes=<first>-<last> inside the source.');
  }
  const data = bucket.newDataName();
  const fd = source.bucket.openData(source.version);
  const bytes = createReadStream('', { fd, start: Number(start), end: Number(end) });
  const { size, md5, checksum } = await spool(bytes, bucket.dataPath(data), upload.algorithm);
  const lastModified = service.clock.now().getTime();
  bucket.uploads.putPart(upload, { number, data, size, eTag: md5, lastModified, ...(checksum && { checksum }) });
  return xmlReply(
    xmlDocument(
      'CopyPartResult',
      leaf('LastModified', xmlTime(lastModified)),
      leaf('ETag', `"${md5}"`),
      checksumXml(checksum),
    ),
  );
};

/** AbortMultipartUpload. */
export const abortMultipartUpload: Operation = (call, service) => {
  const { bucket, upload } = findUpload(call, service);
  bucket.uploads.remove(upload);
  return { status: 204 };
};

/** ListParts: all of them in one page. */
export const listParts: Operation = (call, service) => {
  const { bucket, upload } = findUpload(call, service);
  const parts = bucket.uploads
    .parts(upload)
    .map((part) =>
      element(
        'Part',
        leaf('PartNumber', part.number),
        leaf('LastModified', xmlTime(part.lastModified)),
        leaf('ETag', `"${part.eTag}"`),
        leaf('Size', part.size),
        checksumXml(part.checksum),
      ),
    );
  return xmlReply(
    xmlDocument(
      'ListPartsResult',
      leaf('Bucket', call.bucket),
      leaf('Key', call.key),
      leaf('UploadId', upload.uploadId),
      leaf('IsTruncated', false),
      ...parts,
    ),
  );
};

/** ListMultipartUploads: all of them in one page. */
export const listMultipartUploads: Operation = (call, { store }) => {
  const prefix = call.query.get('prefix') ?? '';
  const uploads = store
    .bucket(call.bucket)
    .uploads.list()
    .filter((upload) => upload.key.startsWith(prefix))
    .map((upload) =>
      element(
        'Upload',
        leaf('Key', upload.key),
        leaf('UploadId', upload.uploadId),
        leaf('Initiated', xmlTime(upload.initiated)),
      ),
    );
  return xmlReply(
    xmlDocument('ListMultipartUploadsResult', leaf('Bucket', call.bucket), leaf('IsTruncated', false), ...uploads),
  );
};

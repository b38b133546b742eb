import { closeSync, createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ObjectVersion } from './bucket.ts';
import { type Operation, xmlReply } from './call.ts';
import { demandWanted } from './conditions.ts';
import { S3Error } from './errors.ts';
import { checksumHeaders, checksumXml, findVersion, identityHeaders } from './object-headers.ts';
import { element, leaf, xmlDocument } from './xml.ts';

/** Query parameters with which a (presigned) GET overrides headers of its answer. */
export const responseOverrides = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
] as const;

interface Range {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** One byte range; undefined (the whole object) for none, and for forms that S3 ignores. Throws `InvalidRange`. */
function parseRange(header: string | undefined, { size }: ObjectVersion): Range | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= size) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${size}` });
  }
  return { start, end };
}

/** GetObject and HeadObject. The body is streamed from a descriptor that was opened before the first byte goes out. */
export const getObject: Operation = (call, { store }) => {
  const bucket = store.bucket(call.bucket);
  const version = findVersion(bucket, call.key, call.query.get('versionId'));
  demandWanted(call.headers, version);
  const range = parseRange(call.headers['range'], version);
  const tagCount = Object.keys(version.tags).length;
  const overrides = responseOverrides.flatMap((name) => {
    const value = call.query.get(name);
    return value === undefined ? [] : [[name.slice('response-'.length), value]];
  });
  const headers = {
    ...version.headers,
    ...Object.fromEntries(overrides),
    ...identityHeaders(bucket, version),
    ...(call.headers['x-amz-checksum-mode'] === 'ENABLED' && !range ? checksumHeaders(version.checksum) : {}),
    'accept-ranges': 'bytes',
    'last-modified': new Date(version.lastModified).toUTCString(),
    'content-length': range ? range.end - range.start + 1 : version.size,
    'content-range': range && `bytes ${range.start}-${range.end}/${version.size}`,
    'x-amz-tagging-count': tagCount || undefined,
  };
  const status = range ? 206 : 200;
  if (call.method === 'HEAD') return { status, headers };
  const fd = bucket.openData(version);
  if (version.size > 0) return { status, headers, body: createReadStream('', { fd, ...range }) };
  closeSync(fd);
  return { status, headers, body: Readable.from([]) };
};

/** GetObjectAttributes. */
export const getObjectAttributes: Operation = (call, { store }) => {
  const bucket = store.bucket(call.bucket);
  const version = findVersion(bucket, call.key, call.query.get('versionId'));
  const parts: Readonly<Record<string, string>> = {
    ETag: leaf('ETag', version.eTag),
    Checksum: version.checksum ? element('Checksum', checksumXml(version.checksum)) : '',
    ObjectParts: version.partCount ? element('ObjectParts', leaf('PartsCount', version.partCount)) : '',
    StorageClass: leaf('StorageClass', version.headers['x-amz-storage-class'] ?? 'STANDARD'),
    ObjectSize: leaf('ObjectSize', version.size),
  };
  const wanted = (call.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  const answers = wanted.map((name) => {
    const xml = parts[name];
    if (xml === undefined) throw new S3Error('InvalidArgument', `Unknown object attribute: ${name}`);
    return xml;
  });
  const { etag: _, ...identity } = identityHeaders(bucket, version);
  return xmlReply(xmlDocument('GetObjectAttributesResponse', ...answers), {
    ...identity,
    'last-modified': new Date(version.lastModified).toUTCString(),
  });
};

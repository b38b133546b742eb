import { type Bucket, compareKeys, type ObjectVersion, sequenceOfVersionId } from './bucket.ts';
import { type Call, type Operation, xmlReply } from './call.ts';
import { S3Error } from './errors.ts';
import { xmlTime } from './object-headers.ts';
import { element, leaf, xmlDocument } from './xml.ts';

/** A listing answers with at most this many keys and common prefixes. */
const MAX_PAGE = 1000;

/** Where a page ended: at an object version or at a common prefix. */
interface Position {
  readonly key: string;
  readonly versionId?: string;
  readonly isPrefix: boolean;
}

interface Page {
  readonly versions: readonly ObjectVersion[];
  readonly prefixes: readonly string[];
  /** Set when there is more. */
  readonly next?: Position;
}

interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly size: number;
  /** Has this version been listed on an earlier page? */
  readonly isPast: (version: ObjectVersion) => boolean;
}

/** Cuts a page out of versions that come in listing order; rolls keys up to the delimiter behind the prefix. */
function cutPage(versions: Iterable<ObjectVersion>, { prefix, delimiter, size, isPast }: PageRequest): Page {
  const page = { versions: [] as ObjectVersion[], prefixes: [] as string[] };
  let last: Position | undefined;
  for (const version of versions) {
    const { key, versionId } = version;
    if (!key.startsWith(prefix) || isPast(version)) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    if (common !== undefined && common === page.prefixes.at(-1)) continue;
    if (page.versions.length + page.prefixes.length >= size) return last ? { ...page, next: last } : page;
    if (common === undefined) page.versions.push(version);
    else page.prefixes.push(common);
    last = common === undefined ? { key, versionId, isPrefix: false } : { key: common, isPrefix: true };
  }
  return page;
}

function pageSize(call: Call): number {
  const size = Number(call.query.get('max-keys') ?? MAX_PAGE);
  if (!Number.isInteger(size) || size < 0) throw new S3Error('InvalidArgument', 'max-keys must be 0 or more.');
  return Math.min(size, MAX_PAGE);
}

/** encoding-type=url: keys go out URL-encoded. */
const keyWriter = ({ query }: Call): ((key: string) => string) =>
  query.get('encoding-type') === 'url'
    ? (key) => encodeURIComponent(key).replace(/%2F/g, '/').replace(/%20/g, '+')
    : (key) => key;

function* currentVersions(bucket: Bucket): Generator<ObjectVersion> {
  for (const key of bucket.keys) {
    const current = bucket.current(key);
    if (current) yield current;
  }
}

function* allVersions(bucket: Bucket): Generator<ObjectVersion> {
  for (const key of bucket.keys) yield* bucket.versionsOf(key);
}

const writeToken = (position: Position | undefined): string | undefined =>
  position && Buffer.from(JSON.stringify(position)).toString('base64url');

function readToken(token: string): Position {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  }
}

const commonPrefixes = (page: Page, write: (key: string) => string): readonly string[] =>
  page.prefixes.map((prefix) => element('CommonPrefixes', leaf('Prefix', write(prefix))));

/** ListObjectsV2. */
export const listObjectsV2: Operation = (call, { store }) => {
  const { query } = call;
  if (query.get('list-type') !== '2') throw new S3Error('InvalidArgument', 'list-type must be 2');
  const bucket = store.bucket(call.bucket);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const after: Position = token ? readToken(token) : { key: query.get('start-after') ?? '', isPrefix: false };
  const size = pageSize(call);
  const isPast = ({ key }: ObjectVersion): boolean =>
    compareKeys(key, after.key) <= 0 || (after.isPrefix && key.startsWith(after.key));
  const page = cutPage(currentVersions(bucket), { prefix, delimiter, size, isPast });
  const write = keyWriter(call);
  return xmlReply(
    xmlDocument(
      'ListBucketResult',
      leaf('Name', bucket.name),
      leaf('Prefix', write(prefix)),
      leaf('Delimiter', delimiter || undefined),
      leaf('EncodingType', query.get('encoding-type')),
      leaf('StartAfter', query.get('start-after')),
      leaf('ContinuationToken', token),
      leaf('NextContinuationToken', writeToken(page.next)),
      leaf('MaxKeys', size),
      leaf('KeyCount', page.versions.length + page.prefixes.length),
      leaf('IsTruncated', page.next !== undefined),
      ...page.versions.map((version) =>
        element('Contents', leaf('Key', write(version.key)), ...describe(version, version.headers)),
      ),
      ...commonPrefixes(page, write),
    ),
  );
};

const describe = (version: ObjectVersion, headers: ObjectVersion['headers']): readonly string[] => [
  leaf('LastModified', xmlTime(version.lastModified)),
  ...(version.data === undefined
    ? []
    : [
        leaf('ETag', `"${version.eTag}"`),
        leaf('ChecksumAlgorithm', version.checksum?.algorithm),
        leaf('Size', version.size),
        leaf('StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD'),
      ]),
];

/** ListObjectVersions: versions and delete markers, newest first within a key. */
export const listObjectVersions: Operation = (call, { store }) => {
  const { query } = call;
  const bucket = store.bucket(call.bucket);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const size = pageSize(call);
  const markerSequence =
    versionMarker === 'null' ? bucket.nullVersion(keyMarker)?.sequence : sequenceOfVersionId(versionMarker ?? '');
  const isPast = ({ key, sequence }: ObjectVersion): boolean => {
    const order = compareKeys(key, keyMarker);
    if (order === 0) return keyMarker !== '' && !(markerSequence && sequence < markerSequence);
    return order < 0 || (delimiter !== '' && keyMarker.endsWith(delimiter) && key.startsWith(keyMarker));
  };
  const page = cutPage(allVersions(bucket), { prefix, delimiter, size, isPast });
  const write = keyWriter(call);
  return xmlReply(
    xmlDocument(
      'ListVersionsResult',
      leaf('Name', bucket.name),
      leaf('Prefix', write(prefix)),
      leaf('Delimiter', delimiter || undefined),
      leaf('EncodingType', query.get('encoding-type')),
      leaf('KeyMarker', write(keyMarker)),
      leaf('VersionIdMarker', versionMarker ?? ''),
      leaf('NextKeyMarker', page.next && write(page.next.key)),
      leaf('NextVersionIdMarker', page.next?.versionId),
      leaf('MaxKeys', size),
      leaf('IsTruncated', page.next !== undefined),
      ...page.versions.map((version) =>
        element(
          version.data === undefined ? 'DeleteMarker' : 'Version',
          leaf('Key', write(version.key)),
          leaf('VersionId', version.versionId),
          leaf('IsLatest', bucket.versionsOf(version.key)[0] === version),
          ...describe(version, version.headers),
        ),
      ),
      ...commonPrefixes(page, write),
    ),
  );
};

import {
  createBucket,
  deleteBucket,
  getVersioning,
  headBucket,
  listBuckets,
  putVersioning,
  storedConfiguration,
} from './bucket-operations.ts';
import type { Call, Operation } from './call.ts';
import { notImplemented } from './errors.ts';
import { listObjectsV2, listObjectVersions } from './listing.ts';
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './multipart.ts';
import { completeMultipartUpload } from './multipart-completion.ts';
import { getNotification, putNotification } from './notifications.ts';
import { deleteObject, deleteObjects } from './object-deletes.ts';
import { getObject, getObjectAttributes, responseOverrides } from './object-reads.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { copyObject, putObject } from './object-writes.ts';

interface Route {
  /** `service`, `bucket` or `object`, a method, and the query names that select the operation. */
  readonly on: string;
  readonly run: Operation;
  /** Query names that the operation understands besides. */
  readonly takes?: readonly string[];
}

const PAGE = ['prefix', 'delimiter', 'max-keys', 'encoding-type'] as const;
const lifecycle = storedConfiguration('lifecycle', 'NoSuchLifecycleConfiguration');
const encryption = storedConfiguration('encryption', 'ServerSideEncryptionConfigurationNotFoundError');
const publicAccess = storedConfiguration('publicAccessBlock', 'NoSuchPublicAccessBlockConfiguration');
const bucketTagging = storedConfiguration('tagging', 'NoSuchTagSet');

const fromCopyOr = (copy: Operation, plain: Operation): Operation => {
  return (call, service) => (call.headers['x-amz-copy-source'] === undefined ? plain : copy)(call, service);
};

const ROUTES: readonly Route[] = [
  { on: 'service GET', run: listBuckets },
  { on: 'bucket PUT', run: createBucket },
  { on: 'bucket HEAD', run: headBucket },
  { on: 'bucket DELETE', run: deleteBucket },
  {
    on: 'bucket GET list-type',
    run: listObjectsV2,
    takes: [...PAGE, 'continuation-token', 'start-after', 'fetch-owner'],
  },
  { on: 'bucket GET versions', run: listObjectVersions, takes: [...PAGE, 'key-marker', 'version-id-marker'] },
  { on: 'bucket GET uploads', run: listMultipartUploads, takes: ['prefix'] },
  { on: 'bucket POST delete', run: deleteObjects },
  { on: 'bucket PUT versioning', run: putVersioning },
  { on: 'bucket GET versioning', run: getVersioning },
  { on: 'bucket PUT notification', run: putNotification },
  { on: 'bucket GET notification', run: getNotification },
  { on: 'bucket PUT lifecycle', run: lifecycle.put },
  { on: 'bucket GET lifecycle', run: lifecycle.get },
  { on: 'bucket DELETE lifecycle', run: lifecycle.remove },
  { on: 'bucket PUT encryption', run: encryption.put },
  { on: 'bucket GET encryption', run: encryption.get },
  { on: 'bucket DELETE encryption', run: encryption.remove },
  { on: 'bucket PUT publicAccessBlock', run: publicAccess.put },
  { on: 'bucket GET publicAccessBlock', run: publicAccess.get },
  { on: 'bucket DELETE publicAccessBlock', run: publicAccess.remove },
  { on: 'bucket PUT tagging', run: bucketTagging.put },
  { on: 'bucket GET tagging', run: bucketTagging.get },
  { on: 'bucket DELETE tagging', run: bucketTagging.remove },
  { on: 'object PUT', run: fromCopyOr(copyObject, putObject) },
  { on: 'object GET', run: getObject, takes: ['versionId', ...responseOverrides] },
  { on: 'object HEAD', run: getObject, takes: ['versionId', ...responseOverrides] },
  { on: 'object DELETE', run: deleteObject, takes: ['versionId'] },
  { on: 'object GET attributes', run: getObjectAttributes, takes: ['versionId'] },
  { on: 'object PUT tagging', run: putObjectTagging, takes: ['versionId'] },
  { on: 'object GET tagging', run: getObjectTagging, takes: ['versionId'] },
  { on: 'object DELETE tagging', run: deleteObjectTagging, takes: ['versionId'] },
  { on: 'object POST uploads', run: createMultipartUpload },
  { on: 'object PUT partNumber uploadId', run: fromCopyOr(uploadPartCopy, uploadPart) },
  { on: 'object POST uploadId', run: completeMultipartUpload },
  { on: 'object DELETE uploadId', run: abortMultipartUpload },
  { on: 'object GET uploadId', run: listParts, takes: ['max-parts'] },
];

const SELECTORS = new Set(ROUTES.flatMap(({ on }) => on.split(' ').slice(2)));
const ROUTE_BY_NAME = new Map(ROUTES.map((route) => [route.on, route]));

/** `x-amz-` headers that some operation understands, or that may be ignored without a difference. */
const KNOWN_HEADER = new RegExp(
  `^x-amz-(${[
    '(meta|checksum)-.+',
    'content-sha256|date|user-agent|security-token|decoded-content-length|trailer|sdk-checksum-algorithm',
    'metadata-directive|tagging|tagging-directive|storage-class|object-attributes|mp-object-size|max-parts',
    'copy-source|copy-source-range|copy-source-if-(match|none-match|modified-since|unmodified-since)',
    'server-side-encryption|server-side-encryption-aws-kms-key-id|server-side-encryption-bucket-key-enabled',
    'expected-bucket-owner|source-expected-bucket-owner|object-ownership|optional-object-attributes',
  ].join('|')})$`,
);

/** Query names that belong to the signature, or that the SDK adds for its own statistics. */
const isNoise = (name: string): boolean => name === 'x-id' || /^x-amz-/i.test(name);

/** Finds the operation. Throws `NotImplemented` for one, or for a query name or header, that this server does not know. */
export function findOperation(call: Pick<Call, 'method' | 'bucket' | 'key' | 'query' | 'headers'>): Operation {
  const target = call.key !== '' ? 'object' : call.bucket !== '' ? 'bucket' : 'service';
  const names = [...call.query.keys()].filter((name) => !isNoise(name));
  const selectors = names.filter((name) => SELECTORS.has(name)).sort();
  const on = [target, call.method, ...selectors].join(' ');
  const route = ROUTE_BY_NAME.get(on);
  if (!route) throw notImplemented(`"${on}"`);
  const stranger = names.find((name) => !selectors.includes(name) && !route.takes?.includes(name));
  if (stranger !== undefined) throw notImplemented(`the query parameter ${stranger} of "${on}"`);
  const header = Object.keys(call.headers).find((name) => name.startsWith('x-amz-') && !KNOWN_HEADER.test(name));
  if (header !== undefined) throw notImplemented(`the header ${header}`);
  return route.run;
}

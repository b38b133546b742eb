import { receiveText } from './body.ts';
import { type Operation, xmlReply } from './call.ts';
import { notImplemented, S3Error, type S3ErrorCode } from './errors.ts';
import { xmlTime } from './object-headers.ts';
import { childText, element, leaf, parseXml, xmlDocument } from './xml.ts';

/** ListBuckets. */
export const listBuckets: Operation = (_call, { store }) => {
  const buckets = store
    .list()
    .map((bucket) => element('Bucket', leaf('Name', bucket.name), leaf('CreationDate', xmlTime(bucket.createdAt))));
  return xmlReply(xmlDocument('ListAllMyBucketsResult', element('Buckets', ...buckets)));
};

/** CreateBucket. The location that the document may name is ignored: there is one. */
export const createBucket: Operation = async (call, { store, clock }) => {
  await receiveText(call);
  store.create(call.bucket, clock.now());
  return { status: 200, headers: { location: `/${call.bucket}` } };
};

/** HeadBucket. */
export const headBucket: Operation = (call, { store, region }) => {
  store.bucket(call.bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
};

/** DeleteBucket. */
export const deleteBucket: Operation = (call, { store }) => {
  store.delete(call.bucket);
  return { status: 204 };
};

/** PutBucketVersioning. MFA delete is refused. */
export const putVersioning: Operation = async (call, { store }) => {
  const bucket = store.bucket(call.bucket);
  const xml = await receiveText(call);
  const document = parseXml(xml);
  const status = childText(document, 'Status');
  if (childText(document, 'MfaDelete') === 'Enabled') throw notImplemented('MFA delete');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML', 'Status is needed.');
  bucket.configure('versioning', xml);
  return { status: 200 };
};

/** GetBucketVersioning. */
export const getVersioning: Operation = (call, { store }) =>
  xmlReply(store.bucket(call.bucket).configuration('versioning') ?? xmlDocument('VersioningConfiguration'));

/** A configuration that is stored and given back, and has no other effect here. */
export interface StoredConfiguration {
  readonly put: Operation;
  readonly get: Operation;
  readonly remove: Operation;
}

/** Operations of a configuration without effect; `missing` is the error of GET where none was put. */
export const storedConfiguration = (name: string, missing: S3ErrorCode): StoredConfiguration => ({
  put: async (call, { store }) => {
    const bucket = store.bucket(call.bucket);
    const xml = await receiveText(call);
    parseXml(xml);
    bucket.configure(name, xml);
    return { status: 200 };
  },
  get: (call, { store }) => {
    const xml = store.bucket(call.bucket).configuration(name);
    if (xml === undefined) throw new S3Error(missing, `The bucket has no ${name} configuration.`);
    return xmlReply(xml);
  },
  remove: (call, { store }) => {
    store.bucket(call.bucket).configure(name, undefined);
    return { status: 204 };
  },
});

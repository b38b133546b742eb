import { receiveText } from './body.ts';
import { type Operation, xmlReply } from './call.ts';
import { findVersion } from './object-headers.ts';
import { childrenOf, childText, element, leaf, parseXml, xmlDocument } from './xml.ts';

/** PutObjectTagging. */
export const putObjectTagging: Operation = async (call, { store }) => {
  const bucket = store.bucket(call.bucket);
  const set = childrenOf(parseXml(await receiveText(call)), 'TagSet').flatMap((tags) => childrenOf(tags, 'Tag'));
  const tags = Object.fromEntries(set.map((tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? '']));
  bucket.rewrite({ ...findVersion(bucket, call.key, call.query.get('versionId')), tags });
  return { status: 200 };
};

/** GetObjectTagging. */
export const getObjectTagging: Operation = (call, { store }) => {
  const { tags } = findVersion(store.bucket(call.bucket), call.key, call.query.get('versionId'));
  const set = Object.entries(tags).map(([key, value]) => element('Tag', leaf('Key', key), leaf('Value', value)));
  return xmlReply(xmlDocument('Tagging', element('TagSet', ...set)));
};

/** DeleteObjectTagging. */
export const deleteObjectTagging: Operation = (call, { store }) => {
  const bucket = store.bucket(call.bucket);
  bucket.rewrite({ ...findVersion(bucket, call.key, call.query.get('versionId')), tags: {} });
  return { status: 204 };
};

import { receiveText } from './body.ts';
import type { Bucket } from './bucket.ts';
import { type Operation, xmlReply } from './call.ts';
import { demandUnchanged } from './conditions.ts';
import { notImplemented, S3Error } from './errors.ts';
import { childrenOf, childText, element, leaf, parseXml, xmlDocument } from './xml.ts';

/** DeleteObjects takes at most this many keys. */
const MAX_KEYS = 1000;

interface Target {
  readonly key: string;
  readonly versionId?: string | undefined;
  /** Delete only while the current object has this ETag. */
  readonly ifMatch?: string | undefined;
}

interface Deleted {
  /** The version that was removed, or the delete marker that was made. */
  readonly versionId?: string;
  readonly deleteMarker: boolean;
}

function deleteOne(bucket: Bucket, { key, versionId, ifMatch }: Target, now: Date): Deleted {
  if (ifMatch !== undefined) {
    if (versionId !== undefined) throw notImplemented('If-Match on the delete of an exact version');
    demandUnchanged({ 'if-match': ifMatch }, bucket.current(key));
  }
  const versions = bucket.versionsOf(key);
  if (versionId !== undefined || bucket.versioning === 'Unversioned') {
    const target = versions.find((version) => version.versionId === (versionId ?? 'null'));
    if (target) bucket.remove(target);
    return { ...(versionId && { versionId }), deleteMarker: target !== undefined && target.data === undefined };
  }
  const marker = bucket.add({ key, size: 0, eTag: '', headers: {}, tags: {} }, now);
  return { versionId: marker.versionId, deleteMarker: true };
}

/** DeleteObject: with a version id that version, else a delete marker where the bucket is versioned. */
export const deleteObject: Operation = (call, { store, clock }) => {
  const target = { key: call.key, versionId: call.query.get('versionId'), ifMatch: call.headers['if-match'] };
  const { versionId, deleteMarker } = deleteOne(store.bucket(call.bucket), target, clock.now());
  return {
    status: 204,
    headers: { 'x-amz-version-id': versionId, 'x-amz-delete-marker': deleteMarker ? 'true' : undefined },
  };
};

function answerFor(bucket: Bucket, target: Target, quiet: boolean, now: Date): string {
  try {
    const { versionId, deleteMarker } = deleteOne(bucket, target, now);
    if (quiet) return '';
    return element(
      'Deleted',
      leaf('Key', target.key),
      leaf('VersionId', target.versionId),
      leaf('DeleteMarker', deleteMarker || undefined),
      leaf('DeleteMarkerVersionId', deleteMarker ? versionId : undefined),
    );
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return element(
      'Error',
      leaf('Key', target.key),
      leaf('VersionId', target.versionId),
      leaf('Code', error.code),
      leaf('Message', error.message),
    );
  }
}

/** DeleteObjects: each key for itself; what could not be deleted is listed. */
export const deleteObjects: Operation = async (call, { store, clock }) => {
  const bucket = store.bucket(call.bucket);
  const request = parseXml(await receiveText(call));
  const targets = childrenOf(request, 'Object').map((object) => ({
    key: childText(object, 'Key') ?? '',
    versionId: childText(object, 'VersionId'),
    ifMatch: childText(object, 'ETag'),
  }));
  if (targets.length === 0 || targets.length > MAX_KEYS || targets.some(({ key }) => key === '')) {
    throw new S3Error('MalformedXML', `Between 1 and ${MAX_KEYS} objects, each with a Key, are needed.`);
  }
  const quiet = childText(request, 'Quiet') === 'true';
  return xmlReply(
    xmlDocument('DeleteResult', ...targets.map((target) => answerFor(bucket, target, quiet, clock.now()))),
  );
};

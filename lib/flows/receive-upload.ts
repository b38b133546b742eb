import { parseUploadKey, type UploadKey } from '../contracts/object-keys.ts';
import type { Districts } from '../ports/districts.ts';
import type { Queues } from '../ports/queues.ts';

/** An S3 event about one exact version of an object. */
export interface UploadedVersion {
  /** Decoded key. */
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
}

/** What an upload event led to. Ignored ones say why. */
export type ReceiveOutcome =
  | 'scheduled'
  | 'not-an-upload'
  | 'report'
  | 'folder-marker'
  | 'temporary-name'
  | 'empty-object'
  | 'stray-file'
  | 'unknown-district';

/**
 * An object was put. Whether it is finished, nobody knows yet: a message comes back for exactly this version after the
 * quiet time (design §4, receive). One delayed message for each event, never a chain.
 */
export async function receiveUpload(
  { districts, queues }: { readonly districts: Districts; readonly queues: Queues },
  upload: UploadedVersion,
): Promise<ReceiveOutcome> {
  const key = parseUploadKey(upload.key);
  if (key === null) return 'not-an-upload';
  const ignored = reasonToIgnore(key, upload.bytes);
  if (ignored !== null) return ignored;
  const district = await districts.get(key.districtId);
  if (district === null) return 'unknown-district';
  const message = { type: 'settle', key: upload.key, versionId: upload.versionId } as const;
  await queues.sendUploads(message, district.settings.quietSeconds);
  return 'scheduled';
}

const TEMPORARY = /(?:\.filepart|\.tmp|\.part|\.partial|~)$|^[.~]/i;

/** Uploads that are never part of an export, or not yet. A zip or CSV under any name is taken. `bytes`: null if unknown. */
export function reasonToIgnore(
  key: UploadKey,
  bytes: number | null = null,
): Exclude<ReceiveOutcome, 'scheduled'> | null {
  if (key.folder === 'reports' || key.folder.startsWith('reports/')) return 'report';
  if (key.name === '') return 'folder-marker';
  if (TEMPORARY.test(key.name)) return 'temporary-name';
  if (bytes === 0) return 'empty-object';
  return /\.(?:zip|csv)$/i.test(key.name) ? null : 'stray-file';
}

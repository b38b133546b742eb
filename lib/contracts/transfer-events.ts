/** As EventBridge names them (Transfer Family user guide, "SFTP server events"). */
export const TRANSFER_SOURCE = 'aws.transfer';
export const UPLOAD_FAILED = 'SFTP Server File Upload Failed';

/** One object that Transfer says is what a failed upload has left. */
export interface FailedObject {
  /** Its key: never decoded, Transfer writes it as it is. */
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  /** ISO 8601 in UTC; null where the event does not say when the upload ended. */
  readonly endedAt: string | null;
}

interface TransferEvent {
  readonly source?: unknown;
  readonly 'detail-type'?: unknown;
  readonly time?: unknown;
  readonly detail?: { readonly [name: string]: unknown } | null;
}

/** Whether a message is Transfer's word that an upload failed, whatever it names. */
export function isUploadFailed(body: unknown): boolean {
  const event = body as TransferEvent | null;
  return event?.source === TRANSFER_SOURCE && event['detail-type'] === UPLOAD_FAILED;
}

/**
 * What an upload-failed event names. Null for one without a tag, by which alone the object is known (R16), and for one of
 * another bucket. `file-path` is `/bucket/key` (facts: AWS §1); who uploaded it is not asked (R3).
 */
export function failedObject(body: unknown, bucket: string): FailedObject | null {
  if (!isUploadFailed(body)) return null;
  const { detail, time } = body as TransferEvent;
  const { 'file-path': path, etag, 'end-timestamp': end } = detail ?? {};
  const root = `/${bucket}/`;
  if (typeof path !== 'string' || !path.startsWith(root) || typeof etag !== 'string') return null;
  const eTag = etag.replaceAll('"', '').trim();
  if (eTag === '') return null;
  return { key: path.slice(root.length), eTag, endedAt: timeOf(end) ?? timeOf(time) };
}

const timeOf = (text: unknown): string | null => {
  const millis = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(millis) ? null : new Date(millis).toISOString();
};

/** The part of an upload-failed event that is read, for stand-ins of Transfer and tests. */
export const uploadFailedEvent = (bucket: string, { key, eTag, endedAt }: FailedObject) => ({
  source: TRANSFER_SOURCE,
  'detail-type': UPLOAD_FAILED,
  detail: {
    'status-code': 'FAILED',
    'failure-code': 'PARTIAL_UPLOAD',
    'file-path': `/${bucket}/${key}`,
    etag: eTag,
    ...(endedAt === null ? {} : { 'end-timestamp': endedAt }),
  },
});

import { randomUUID } from 'node:crypto';
import { TRANSFER_SOURCE, UPLOAD_FAILED } from '../../contracts/transfer-events.ts';

/** What Transfer tells EventBridge of an upload (Transfer Family user guide, "SFTP server events"). Advisory there: best effort. */
export interface TransferUploadEvent {
  readonly version: '0';
  readonly id: string;
  readonly source: typeof TRANSFER_SOURCE;
  readonly 'detail-type': 'SFTP Server File Upload Completed' | typeof UPLOAD_FAILED;
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly 'status-code': 'COMPLETED' | 'FAILED';
    readonly protocol: 'SFTP';
    readonly bytes: number;
    readonly 'client-ip': string;
    readonly 'start-timestamp': string;
    readonly 'end-timestamp': string;
    readonly etag: string;
    /** `/bucket/key`. */
    readonly 'file-path': string;
    readonly 'server-id': string;
    readonly username: string;
    readonly 'session-id': string;
    readonly 'failure-code'?: 'PARTIAL_UPLOAD';
    readonly 'failure-message'?: string;
  };
}

/** An upload that has ended, one way or the other. */
export interface EndedUpload {
  readonly filePath: string;
  readonly bytes: number;
  readonly etag: string;
  readonly started: Date;
  readonly isPartial: boolean;
}

/** Who uploaded. */
export interface Uploader {
  readonly serverId: string;
  readonly sourceIp: string;
  readonly username: string;
  readonly sessionId: string;
}

/** The event of an upload, as of now. */
export function uploadEvent(upload: EndedUpload, by: Uploader): TransferUploadEvent {
  const now = new Date();
  return {
    version: '0',
    id: randomUUID(),
    source: TRANSFER_SOURCE,
    'detail-type': upload.isPartial ? UPLOAD_FAILED : 'SFTP Server File Upload Completed',
    account: '000000000000',
    time: `${now.toISOString().slice(0, 19)}Z`,
    region: 'us-east-1',
    resources: [],
    detail: {
      'status-code': upload.isPartial ? 'FAILED' : 'COMPLETED',
      protocol: 'SFTP',
      bytes: upload.bytes,
      'client-ip': by.sourceIp,
      'start-timestamp': upload.started.toISOString(),
      'end-timestamp': now.toISOString(),
      etag: upload.etag,
      'file-path': upload.filePath,
      'server-id': by.serverId,
      username: by.username,
      'session-id': by.sessionId,
      ...(upload.isPartial
        ? { 'failure-code': 'PARTIAL_UPLOAD', 'failure-message': 'The session ended while the file was open' }
        : {}),
    },
  };
}

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '../../ports/clock.ts';
import type { BucketStore } from './bucket-store.ts';
import type { Authorization } from './signature.ts';

/** Access key and secret that requests must be signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the operations work on. */
export interface Service {
  readonly store: BucketStore;
  readonly clock: Clock;
  readonly region: string;
  /** Hands one notification to a queue. Throws when the queue cannot take it. */
  readonly notify: (queueArn: string, json: string) => void | Promise<void>;
}

/** One request after its address was taken apart and its signature verified. */
export interface Call {
  readonly method: string;
  /** '' for a request to the service itself. */
  readonly bucket: string;
  /** Decoded; '' for a request to a bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names; for presigned requests also the `x-amz-meta-…` that the presigner moved into the query. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly authorization: Authorization;
  readonly request: IncomingMessage;
  readonly requestId: string;
}

/** An answer. A stream is sent as it comes; a string is sent whole. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: string | Readable;
}

/** One S3 operation. */
export type Operation = (call: Call, service: Service) => Reply | Promise<Reply>;

/** An answer with an XML document. */
export const xmlReply = (body: string, headers: Reply['headers'] = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body,
});

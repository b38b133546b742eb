import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { decodeAwsChunked } from './aws-chunked.ts';
import type { Call } from './call.ts';
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumAlgorithms,
  checksumHeader,
  newDigest,
  parseChecksumAlgorithm,
} from './checksum.ts';
import { notImplemented, S3Error } from './errors.ts';

/** The XML that clients send is smaller than this (1,000 keys of 1,024 bytes, escaped), in bytes. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const UNSIGNED_CHUNKS = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const SIGNED_CHUNKS = /^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/;

/** What arrived: length in bytes, MD5 in hex (the ETag of a simple object), and the checksum if one was asked for. */
export interface Received {
  readonly size: number;
  readonly md5: string;
  readonly checksum?: Checksum;
}

/** Where the plain bytes go; it must consume them all. */
type Sink = (bytes: AsyncIterable<Buffer>) => Promise<void>;

/** Writes `source` to a file and measures it on the way. A failure leaves no file. Memory use is constant. */
export async function spool(
  source: AsyncIterable<Buffer>,
  path: string,
  algorithm?: ChecksumAlgorithm,
): Promise<Received> {
  try {
    return await measure(source, (bytes) => pipeline(bytes, createWriteStream(path)), algorithm);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function measure(source: AsyncIterable<Buffer>, sink: Sink, algorithm?: ChecksumAlgorithm): Promise<Received> {
  const md5 = createHash('md5');
  const digest = algorithm && newDigest(algorithm);
  let size = 0;
  await sink(
    (async function* () {
      for await (const bytes of source) {
        size += bytes.length;
        md5.update(bytes);
        digest?.update(bytes);
        yield bytes;
      }
    })(),
  );
  return {
    size,
    md5: md5.digest('hex'),
    ...(algorithm && digest && { checksum: { algorithm, value: digest.base64(), type: 'FULL_OBJECT' } }),
  };
}

function plainBytes({ request, authorization }: Call, trailers: Map<string, string>): AsyncIterable<Buffer> {
  // Leaving a loop over the request early must not close the connection: the error is still to be answered on it.
  const raw = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  const { payload } = authorization;
  if (payload === UNSIGNED_CHUNKS) return decodeAwsChunked(raw, trailers);
  if (SIGNED_CHUNKS.test(payload)) return decodeAwsChunked(raw, trailers, authorization);
  if (payload === UNSIGNED) return raw;
  if (!/^[0-9a-f]{64}$/.test(payload)) throw notImplemented(`the payload mode ${payload}`);
  return (async function* () {
    const hash = createHash('sha256');
    for await (const bytes of raw) {
      hash.update(bytes);
      yield bytes;
    }
    if (hash.digest('hex') !== payload) {
      throw new S3Error('XAmzContentSHA256Mismatch', 'The provided x-amz-content-sha256 does not match the body.');
    }
  })();
}

/** The algorithm that the request names: by a value, by a trailer that is to come, or by name alone. */
function declaredAlgorithm({ headers }: Call): ChecksumAlgorithm | undefined {
  const valued = checksumAlgorithms.filter(
    (algorithm) =>
      headers[checksumHeader(algorithm)] !== undefined || headers['x-amz-trailer'] === checksumHeader(algorithm),
  );
  if (valued.length > 1) throw new S3Error('InvalidRequest', 'Only one checksum may be given.');
  return valued[0] ?? parseChecksumAlgorithm(headers['x-amz-sdk-checksum-algorithm']);
}

function verify(call: Call, received: Received, trailers: ReadonlyMap<string, string>): void {
  const { headers } = call;
  const declaredSize = headers['x-amz-decoded-content-length'];
  if (declaredSize !== undefined && Number(declaredSize) !== received.size) {
    throw new S3Error('IncompleteBody', `${received.size} bytes arrived, ${declaredSize} were announced.`);
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && Buffer.from(md5, 'base64').toString('hex') !== received.md5) {
    throw new S3Error('BadDigest', 'The Content-MD5 does not match the body.');
  }
  const announced = headers['x-amz-trailer'];
  if (announced && !trailers.has(announced)) {
    throw new S3Error('MalformedTrailerError', `The trailer ${announced} did not come.`);
  }
  if (!received.checksum) return;
  const name = checksumHeader(received.checksum.algorithm);
  const expected = headers[name] ?? trailers.get(name);
  if (expected !== undefined && expected !== received.checksum.value) {
    throw new S3Error('BadDigest', `The ${received.checksum.algorithm} did not match the calculated checksum.`);
  }
}

/**
 * Spools a request's body to a file and verifies all that the request said about it: length, MD5, SHA-256, checksum,
 * chunk signatures. `algorithm` asks for a checksum where the request names none. A failure leaves no file.
 */
export async function receiveFile(call: Call, path: string, algorithm?: ChecksumAlgorithm): Promise<Received> {
  const trailers = new Map<string, string>();
  const received = await spool(plainBytes(call, trailers), path, declaredAlgorithm(call) ?? algorithm);
  try {
    verify(call, received, trailers);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return received;
}

/** The body as text (an XML document), verified like a file. */
export async function receiveText(call: Call): Promise<string> {
  const trailers = new Map<string, string>();
  const pieces: Buffer[] = [];
  let size = 0;
  const collect: Sink = async (bytes) => {
    for await (const piece of bytes) {
      size += piece.length;
      if (size > MAX_DOCUMENT_BYTES) throw new S3Error('MalformedXML', 'The document is too long.');
      pieces.push(piece);
    }
  };
  verify(call, await measure(plainBytes(call, trailers), collect, declaredAlgorithm(call)), trailers);
  return Buffer.concat(pieces).toString('utf8');
}

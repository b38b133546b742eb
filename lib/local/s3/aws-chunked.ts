import { createHash } from 'node:crypto';
import { S3Error } from './errors.ts';
import { type Authorization, hmacHex, sameSignature, sha256Hex } from './signature.ts';

/**
 * `aws-chunked`, the framing that clients put around a body whose checksum or signature comes bit by bit:
 *
 *     <hex length>[;chunk-signature=<hex>]\r\n <bytes> \r\n … 0[;chunk-signature=<hex>]\r\n [name:value\r\n …] \r\n
 *
 * A signed chunk is verified when it has passed, against the signature before it; its bytes are on disk by then, but no
 * object refers to them before the whole body was accepted.
 */
const CHUNK_HEADER = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i;
/** A header or trailer line longer than this is not a line (bytes). */
const MAX_LINE_BYTES = 8192;
const CRLF = Buffer.from('\r\n');

/** Reads lines and counted bytes from a stream of arbitrary pieces. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<Buffer> {
    const { value, done } = await this.#source.next();
    if (done) throw new S3Error('IncompleteBody', 'The chunked body ends before its last chunk.');
    return value;
  }

  async line(): Promise<string> {
    let end = this.#rest.indexOf(CRLF);
    while (end < 0) {
      if (this.#rest.length > MAX_LINE_BYTES) throw new S3Error('InvalidRequest', 'The body is not aws-chunked.');
      this.#rest = Buffer.concat([this.#rest, await this.#more()]);
      end = this.#rest.indexOf(CRLF);
    }
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 2);
    return line;
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = await this.#more();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }
}

/** Verifies the chain of chunk signatures; each signs the one before it. */
class SignatureChain {
  readonly #authorization: Authorization;
  #previous: string;

  constructor(authorization: Authorization) {
    this.#authorization = authorization;
    this.#previous = authorization.signature;
  }

  verify(kind: 'PAYLOAD' | 'TRAILER', hashes: readonly string[], signature: string | undefined): void {
    const { timestamp, scope, signingKey } = this.#authorization;
    const lines = [`AWS4-HMAC-SHA256-${kind}`, timestamp, scope, this.#previous, ...hashes];
    const expected = hmacHex(signingKey, lines.join('\n'));
    if (!signature || !sameSignature(expected, signature)) {
      throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk does not match.');
    }
    this.#previous = expected;
  }
}

/**
 * Yields the bytes inside an aws-chunked body and fills `trailers` (lower-case names) at its end. With `signedBy` every
 * chunk, and the trailer if there is one, must carry its signature. Throws `IncompleteBody`, `InvalidRequest`,
 * `SignatureDoesNotMatch`.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  signedBy?: Authorization,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  const chain = signedBy && new SignatureChain(signedBy);
  for (let length = -1; length !== 0; ) {
    const [, hex, signature] = CHUNK_HEADER.exec(await reader.line()) ?? [];
    if (hex === undefined) throw new S3Error('InvalidRequest', 'The body is not aws-chunked.');
    length = Number.parseInt(hex, 16);
    const hash = createHash('sha256');
    for await (const piece of reader.bytes(length)) {
      if (chain) hash.update(piece);
      yield piece;
    }
    chain?.verify('PAYLOAD', [sha256Hex(''), hash.digest('hex')], signature);
    if (length > 0 && (await reader.line()) !== '') throw new S3Error('InvalidRequest', 'A chunk is too long.');
  }
  let signedLines = '';
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    trailers.set(name, line.slice(colon + 1).trim());
    if (name !== 'x-amz-trailer-signature') signedLines += `${line}\n`;
  }
  if (signedLines) chain?.verify('TRAILER', [sha256Hex(signedLines)], trailers.get('x-amz-trailer-signature'));
}

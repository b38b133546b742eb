import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials } from './call.ts';
import { S3Error } from './errors.ts';

/** Signature Version 4 over a request's method, path, query and signed headers. */
export interface SignedRequest {
  readonly method: string;
  /** Decoded path, with the leading slash. */
  readonly path: string;
  /** Decoded pairs in the order of the URL. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A verified signature, and what is needed to verify the signed chunks that may follow it. */
export interface Authorization {
  /** What the client declared as its body: a SHA-256 in hex, or one of the names that S3 defines. */
  readonly payload: string;
  readonly timestamp: string;
  readonly scope: string;
  readonly signature: string;
  readonly signingKey: Buffer;
}

interface Claim {
  readonly accessKeyId: string;
  readonly scope: string;
  readonly timestamp: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payload: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** S3 refuses presigned URLs that would live longer than a week (seconds). */
const MAX_PRESIGNED_SECONDS = 604_800;

/** SHA-256 in hex. */
export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** HMAC-SHA-256 in hex. */
export const hmacHex = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** Compares two signatures in constant time. */
export const sameSignature = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const byName = ([left]: readonly [string, string], [right]: readonly [string, string]): number =>
  left < right ? -1 : left > right ? 1 : 0;

function splitCredential(credential: string): { accessKeyId: string; scope: string } {
  const slash = credential.indexOf('/');
  if (!/^[^/]+\/\d{8}\/[^/]+\/s3\/aws4_request$/.test(credential)) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The credential must end in <date>/<region>/s3/aws4_request.');
  }
  return { accessKeyId: credential.slice(0, slash), scope: credential.slice(slash + 1) };
}

function headerClaim({ headers }: SignedRequest): Claim {
  const header = headers['authorization'] ?? '';
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
    header,
  );
  if (!match) throw new S3Error('AccessDenied', 'Access Denied: sign the request with Signature Version 4.');
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  const timestamp = headers['x-amz-date'];
  const payload = headers['x-amz-content-sha256'];
  if (!timestamp) throw new S3Error('AccessDenied', 'A signed request needs x-amz-date.');
  if (!payload) throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  return { ...splitCredential(credential), timestamp, signedHeaders: signedHeaders.split(';'), signature, payload };
}

/** Time of `20261123T184512Z`, in milliseconds. */
const parseTimestamp = (timestamp: string): number =>
  Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

function presignedClaim({ query, headers }: SignedRequest, now: Date): Claim {
  const parameters = new Map(query);
  const take = (name: string): string => {
    const value = parameters.get(`X-Amz-${name}`);
    if (!value) throw new S3Error('AuthorizationHeaderMalformed', `X-Amz-${name} is missing.`);
    return value;
  };
  const timestamp = take('Date');
  const seconds = Number(take('Expires'));
  const issued = parseTimestamp(timestamp);
  if (!(seconds > 0 && seconds <= MAX_PRESIGNED_SECONDS) || Number.isNaN(issued)) {
    throw new S3Error('AuthorizationHeaderMalformed', 'X-Amz-Date and X-Amz-Expires (1 to 604800) are needed.');
  }
  if (now.getTime() > issued + seconds * 1000) throw new S3Error('AccessDenied', 'Request has expired');
  return {
    ...splitCredential(take('Credential')),
    timestamp,
    signedHeaders: take('SignedHeaders').split(';'),
    signature: take('Signature'),
    payload: parameters.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  };
}

function canonicalRequest(request: SignedRequest, claim: Claim): string {
  const query = request.query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort((left, right) => byName(left, right) || byName([left[1], ''], [right[1], '']))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = claim.signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
    .join('');
  const path = request.path.split('/').map(encode).join('/');
  return [request.method, path, query, headers, claim.signedHeaders.join(';'), claim.payload].join('\n');
}

function signingKeyFor(credentials: Credentials, scope: string): Buffer {
  let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  for (const step of scope.split('/')) key = createHmac('sha256', key).update(step).digest();
  return key;
}

/**
 * Verifies a request's Signature Version 4, in the header or presigned in the query. Throws `AccessDenied` (none, or
 * expired), `InvalidAccessKeyId`, `SignatureDoesNotMatch`, `AuthorizationHeaderMalformed`. The age of a signature in the
 * header is not checked, so that a simulated clock can run ahead of the signing one.
 */
export function authorize(request: SignedRequest, credentials: Credentials, now: Date): Authorization {
  const presigned = request.query.some(([name]) => name === 'X-Amz-Algorithm');
  const claim = presigned ? presignedClaim(request, now) : headerClaim(request);
  if (claim.accessKeyId !== credentials.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', 'The access key id is not known to this server.');
  }
  const signingKey = signingKeyFor(credentials, claim.scope);
  const canonical = sha256Hex(canonicalRequest(request, claim));
  const expected = hmacHex(signingKey, [ALGORITHM, claim.timestamp, claim.scope, canonical].join('\n'));
  if (!claim.signedHeaders.includes('host') || !sameSignature(expected, claim.signature)) {
    throw new S3Error('SignatureDoesNotMatch', 'The signature does not match the request and the secret key.');
  }
  const { payload, timestamp, scope, signature } = claim;
  return { payload, timestamp, scope, signature, signingKey };
}

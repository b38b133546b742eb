import type { ObjectVersion } from './bucket.ts';
import { notImplemented, S3Error } from './errors.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const failed = (header: string): S3Error =>
  new S3Error('PreconditionFailed', `At least one of the pre-conditions you specified did not hold: ${header}`);

/** Does a list of quoted or bare ETags, or `*`, name this one? */
const names = (condition: string, eTag: string): boolean =>
  condition.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^"|"$/g, '') === eTag);

/** S3 keeps modification times by the second. */
const toSecond = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000;

const newerThan = (version: ObjectVersion, date: string): boolean => toSecond(version.lastModified) > Date.parse(date);

/**
 * If-Match and If-None-Match of a write, against the current object. Throws `PreconditionFailed`; `NoSuchKey` for an
 * If-Match where there is no object; `NotImplemented` for If-None-Match with an ETag, as AWS does.
 */
export function demandUnchanged(headers: Headers, current: ObjectVersion | undefined): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && noneMatch !== '*') throw notImplemented('If-None-Match with an ETag on a write');
  if (noneMatch !== undefined && current) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!current) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (!names(match, current.eTag)) throw failed('If-Match');
}

/** The four conditions of GET and HEAD (RFC 9110 §13.2.2). Throws `PreconditionFailed` or `NotModified`. */
export function demandWanted(headers: Headers, version: ObjectVersion): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const { 'if-modified-since': since, 'if-unmodified-since': unmodifiedSince } = headers;
  if (match !== undefined && !names(match, version.eTag)) throw failed('If-Match');
  if (match === undefined && unmodifiedSince && newerThan(version, unmodifiedSince))
    throw failed('If-Unmodified-Since');
  const unwanted =
    noneMatch !== undefined ? names(noneMatch, version.eTag) : since !== undefined && !newerThan(version, since);
  if (unwanted) throw new S3Error('NotModified', '', { etag: `"${version.eTag}"` });
}

/** The four `x-amz-copy-source-if-…` conditions. Throws `PreconditionFailed`. */
export function demandCopyable(headers: Headers, source: ObjectVersion): void {
  const condition = (name: string): string | undefined => headers[`x-amz-copy-source-if-${name}`];
  const match = condition('match');
  const noneMatch = condition('none-match');
  const since = condition('modified-since');
  const unmodifiedSince = condition('unmodified-since');
  if (match !== undefined && !names(match, source.eTag)) throw failed('x-amz-copy-source-If-Match');
  if (noneMatch !== undefined && names(noneMatch, source.eTag)) throw failed('x-amz-copy-source-If-None-Match');
  if (since !== undefined && !newerThan(source, since)) throw failed('x-amz-copy-source-If-Modified-Since');
  if (match === undefined && unmodifiedSince !== undefined && newerThan(source, unmodifiedSince)) {
    throw failed('x-amz-copy-source-If-Unmodified-Since');
  }
}

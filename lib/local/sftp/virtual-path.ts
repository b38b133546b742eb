import { posix } from 'node:path';
import { SftpFailure } from './sftp-failure.ts';

/** S3 takes no longer keys. Bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/**
 * The absolute virtual path: `.` and `..` resolved, one slash between names, none at the end. `..` at the top stays at the
 * top, so nothing outside the home directory has a name. A relative path starts at `/`, where every session starts.
 */
export function resolvePath(path: string): string {
  if (path.includes('\0')) throw new SftpFailure('failure', 'Bad path');
  const resolved = posix.normalize(`/${path}`);
  return resolved === '/' ? '/' : resolved.replace(/\/$/, '');
}

/** The S3 key behind a path, without a slash at the end; for `/` the prefix of the home directory, with its slash. */
export function keyOfPath(prefix: string, path: string): string {
  const key = `${prefix}${resolvePath(path).slice(1)}`;
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new SftpFailure('failure', 'Path too long');
  return key;
}

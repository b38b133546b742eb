import { createReadStream } from 'node:fs';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { directoryEntry, type TreeEntry } from './file-attributes.ts';
import type { SessionGrant } from './session-grant.ts';
import type { S3Access } from './session-policy.ts';
import { SftpFailure, s3Status } from './sftp-failure.ts';
import { keyOfPath, resolvePath } from './virtual-path.ts';

/** An object as it was when it was looked at. */
export interface FoundObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modified: Date;
  readonly etag: string;
}

/** Names in one answer to READDIR, and in one page of S3: 100 x (1,024 bytes of name + as much of long name) < 256 KiB. */
const NAMES_PER_PAGE = 100;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * A bucket prefix as a tree of files, the way Transfer shows it: a directory is a common prefix or a zero-byte key with a
 * slash at its end; renaming is copy and delete. Every call is checked against the session policy first.
 */
export class ObjectTree {
  readonly #s3: S3Client;
  readonly #grant: SessionGrant;
  readonly #serverId: string;

  constructor(s3: S3Client, grant: SessionGrant, serverId: string) {
    this.#s3 = s3;
    this.#grant = grant;
    this.#serverId = serverId;
  }

  /** `/bucket/key` of a path: how Transfer's events name files. */
  filePath(path: string): string {
    return `/${this.#grant.bucket}/${keyOfPath(this.#grant.prefix, path)}`;
  }

  async stat(path: string): Promise<TreeEntry> {
    const resolved = resolvePath(path);
    if (resolved === '/') return directoryEntry('/');
    const object = await this.find(path);
    if (object) return { name: nameOf(resolved), kind: 'file', sizeBytes: object.sizeBytes, modified: object.modified };
    if (await this.isDirectory(path)) return directoryEntry(nameOf(resolved));
    throw new SftpFailure('noSuchFile');
  }

  /** The object behind a path; null where there is none (a directory is none). */
  async find(path: string): Promise<FoundObject | null> {
    if (resolvePath(path) === '/') return null;
    const key = this.#demand('s3:GetObject', path);
    try {
      const head = await this.#s3.send(new HeadObjectCommand({ Bucket: this.#grant.bucket, Key: key }));
      const { ContentLength = 0, LastModified = new Date(0), ETag = '' } = head;
      return { key, sizeBytes: ContentLength, modified: LastModified, etag: ETag };
    } catch (error) {
      if (s3Status(error) === 404) return null;
      throw error;
    }
  }

  async isDirectory(path: string): Promise<boolean> {
    if (resolvePath(path) === '/') return true;
    return (await this.#keysBelow(path, 1)).length > 0;
  }

  /** The names in a directory, in pages that are never empty. @throws SftpFailure `noSuchFile`, or `failure` for a file */
  async *list(path: string): AsyncGenerator<TreeEntry[], void> {
    const prefix = this.#demand('s3:ListBucket', path);
    let token: string | undefined;
    let seen = resolvePath(path) === '/';
    do {
      const page = await this.#s3.send(
        new ListObjectsV2Command({
          Bucket: this.#grant.bucket,
          Prefix: prefix,
          Delimiter: '/',
          MaxKeys: NAMES_PER_PAGE,
          ...(token ? { ContinuationToken: token } : {}),
        }),
      );
      const directories = (page.CommonPrefixes ?? []).map((common) =>
        directoryEntry((common.Prefix ?? '').slice(prefix.length, -1)),
      );
      const files = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified = new Date(0) }): TreeEntry => {
        return { name: Key.slice(prefix.length), kind: 'file', sizeBytes: Size, modified: LastModified };
      });
      seen ||= directories.length + files.length > 0;
      if (!seen) throw await this.#notADirectory(path);
      // The directory's own marker has an empty name, and so has whatever a doubled slash in a key makes.
      const entries = [...directories, ...files].filter((entry) => entry.name !== '');
      if (entries.length > 0) yield entries;
      token = page.NextContinuationToken;
    } while (token);
  }

  /** Bytes `start` to `end` (inclusive) of an object, if it is still the one that was found. */
  async read(object: FoundObject, start: number, end: number): Promise<Uint8Array> {
    const { Body } = await this.#s3.send(
      new GetObjectCommand({
        Bucket: this.#grant.bucket,
        Key: object.key,
        Range: `bytes=${start}-${end}`,
        IfMatch: object.etag,
      }),
    );
    if (!Body) throw new SftpFailure('failure');
    return Body.transformToByteArray();
  }

  /** Whether the session may write here. @throws SftpFailure `permissionDenied` */
  demandWrite(path: string): void {
    this.#demand('s3:PutObject', path);
  }

  /** Uploads a spooled file whole. @returns the ETag of the new object, without its quotes */
  async put(path: string, file: { readonly file: string; readonly sizeBytes: number }): Promise<string> {
    const { ETag = '' } = await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#grant.bucket,
        Key: this.#demand('s3:PutObject', path),
        Body: file.sizeBytes === 0 ? Buffer.alloc(0) : createReadStream(file.file),
        ContentLength: file.sizeBytes,
        Metadata: this.#metadata(),
      }),
    );
    return ETag.replaceAll('"', '');
  }

  async makeDirectory(path: string): Promise<void> {
    const marker = this.#demand('s3:PutObject', path, '/');
    if ((await this.find(path)) || (await this.isDirectory(path))) throw new SftpFailure('failure', 'Already exists');
    await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#grant.bucket,
        Key: marker,
        Body: Buffer.alloc(0),
        Metadata: this.#metadata(),
      }),
    );
  }

  async removeDirectory(path: string): Promise<void> {
    if (resolvePath(path) === '/') throw new SftpFailure('permissionDenied');
    const marker = this.#demand('s3:DeleteObject', path, '/');
    const keys = await this.#keysBelow(path, 2);
    if (keys.length === 0) throw await this.#notADirectory(path);
    if (keys.some((key) => key !== marker)) throw new SftpFailure('failure', 'Directory not empty');
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#grant.bucket, Key: marker }));
  }

  async remove(path: string): Promise<void> {
    const key = this.#demand('s3:DeleteObject', path);
    if (!(await this.find(path))) throw await this.#notAFile(path);
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#grant.bucket, Key: key }));
  }

  /** Files only, and never onto a name that is taken (Transfer Family user guide, "Transferring files"). */
  async rename(from: string, to: string): Promise<void> {
    const target = this.#demand('s3:PutObject', to);
    const source = this.#demand('s3:DeleteObject', from);
    if (!(await this.find(from))) throw await this.#notAFile(from);
    if ((await this.find(to)) || (await this.isDirectory(to))) throw new SftpFailure('failure', 'Already exists');
    const { bucket: Bucket } = this.#grant;
    const CopySource = `${Bucket}/${source}`.split('/').map(encodeURIComponent).join('/');
    await this.#s3.send(new CopyObjectCommand({ Bucket, Key: target, CopySource }));
    await this.#s3.send(new DeleteObjectCommand({ Bucket, Key: source }));
  }

  /** What a request for a file gets where there is none. */
  async #notAFile(path: string): Promise<SftpFailure> {
    return (await this.isDirectory(path))
      ? new SftpFailure('failure', 'Is a directory')
      : new SftpFailure('noSuchFile');
  }

  async #notADirectory(path: string): Promise<SftpFailure> {
    return (await this.find(path)) ? new SftpFailure('failure', 'Not a directory') : new SftpFailure('noSuchFile');
  }

  async #keysBelow(path: string, limit: number): Promise<string[]> {
    const Prefix = this.#demand('s3:ListBucket', path);
    const page = await this.#s3.send(new ListObjectsV2Command({ Bucket: this.#grant.bucket, Prefix, MaxKeys: limit }));
    return (page.Contents ?? []).map(({ Key = '' }) => Key);
  }

  /** The key of a path, if the session policy allows the action on it. A list is of the prefix below the path. */
  #demand(action: S3Access['action'], path: string, ending: '' | '/' = ''): string {
    const isHome = resolvePath(path) === '/';
    const slash = action === 's3:ListBucket' && !isHome ? '/' : ending;
    const key = `${keyOfPath(this.#grant.prefix, path)}${slash}`;
    if (isHome && action !== 's3:ListBucket') throw new SftpFailure('failure', 'Is a directory');
    if (!this.#grant.isAllowed({ action, bucket: this.#grant.bucket, key })) throw new SftpFailure('permissionDenied');
    return key;
  }

  /** What Transfer stamps on the objects that it writes (Transfer Family user guide, "Post processing"). */
  #metadata(): Record<string, string> {
    return { 'user-agent': 'AWSTransfer', 'user-agent-id': `${this.#grant.username}@${this.#serverId}` };
  }
}

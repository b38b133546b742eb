import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SftpFailure } from './sftp-failure.ts';

const SUFFIX = '.upload';

/** S3's limit for one PutObject. A client that writes at a higher offset is stopped there. Bytes. */
const MAX_FILE_BYTES = 5 * 1024 ** 3;

/** Makes the spool folder, and removes what a killed server left in it: students' data must not lie about. */
export async function prepareSpool(spoolDir: string): Promise<void> {
  await mkdir(spoolDir, { recursive: true, mode: 0o700 });
  const names = await readdir(spoolDir);
  await Promise.all(names.filter((name) => name.endsWith(SUFFIX)).map((name) => rm(join(spoolDir, name))));
}

/** An upload on its way: kept in a temporary file, because its pieces may come in any order. */
export class SpoolFile {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #pending = new Set<Promise<unknown>>();
  #sizeBytes = 0;
  #failed = false;

  private constructor(file: string, handle: FileHandle) {
    this.file = file;
    this.#handle = handle;
  }

  static async create(spoolDir: string): Promise<SpoolFile> {
    const file = join(spoolDir, `${randomUUID()}${SUFFIX}`);
    return new SpoolFile(file, await open(file, 'wx', 0o600));
  }

  /** One more than the highest byte that was written. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async write(offset: number, data: Buffer): Promise<void> {
    const end = offset + data.length;
    if (!Number.isSafeInteger(end) || end > MAX_FILE_BYTES) throw new SftpFailure('failure', 'File too large');
    const writing = this.#writeAll(offset, data);
    this.#pending.add(writing);
    await writing.finally(() => this.#pending.delete(writing));
  }

  async #writeAll(offset: number, data: Buffer): Promise<void> {
    try {
      for (let done = 0; done < data.length; ) {
        const { bytesWritten } = await this.#handle.write(data, done, data.length - done, offset + done);
        done += bytesWritten;
      }
      this.#sizeBytes = Math.max(this.#sizeBytes, offset + data.length);
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  /** Waits until everything that came is written. @returns false where a write failed, so the file is not what was sent */
  async settle(): Promise<boolean> {
    await Promise.allSettled([...this.#pending]);
    return !this.#failed;
  }

  async discard(): Promise<void> {
    await this.settle();
    await this.#handle.close();
    await rm(this.file, { force: true });
  }
}

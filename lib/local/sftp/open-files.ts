import type { FileEntry } from 'ssh2';
import { fileEntryOf, type TreeEntry } from './file-attributes.ts';
import { ObjectReader } from './object-reader.ts';
import type { ObjectTree } from './object-tree.ts';
import { SftpFailure } from './sftp-failure.ts';
import { SpoolFile } from './spool-file.ts';
import type { EndedUpload } from './transfer-events.ts';
import { resolvePath } from './virtual-path.ts';

/** Bits of OPEN (draft-ietf-secsh-filexfer-02 §6.3). */
const OPEN_BITS = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

interface Download {
  readonly kind: 'download';
  readonly reader: ObjectReader;
}

interface Upload {
  readonly kind: 'upload';
  readonly path: string;
  readonly spool: SpoolFile;
  readonly started: Date;
  /** Whether any byte was sent: a session that ends before the first leaves nothing. */
  touched: boolean;
}

interface Listing {
  readonly kind: 'listing';
  readonly pages: AsyncGenerator<TreeEntry[], void>;
  /** The page that OPENDIR has read already, to know that the directory exists. */
  first: TreeEntry[] | undefined;
}

/** Who is told how uploads end. */
export interface UploadReport {
  uploaded(upload: EndedUpload): void;
  /** A partial upload that could not be kept; nobody is left to be answered. */
  failed(error: unknown): void;
}

type Open = Download | Upload | Listing;

/**
 * The open files and directories of one session. An upload is put into S3 when its file is closed; when the session ends
 * before that, what has come by then is put all the same, as Transfer does (R16 is about recognising it).
 */
export class OpenFiles {
  readonly #tree: ObjectTree;
  readonly #spoolDir: string;
  readonly #report: UploadReport;
  readonly #finishing = new Set<Promise<void>>();
  readonly #open = new Map<number, Open>();
  #last = 0;
  #ended = false;

  constructor(tree: ObjectTree, spoolDir: string, report: UploadReport) {
    this.#tree = tree;
    this.#spoolDir = spoolDir;
    this.#report = report;
  }

  async openFile(path: string, flags: number): Promise<Buffer> {
    if (flags & OPEN_BITS.write) return this.#openForWrite(path, flags);
    const object = await this.#tree.find(path);
    if (!object) throw await this.#noFile(path);
    return this.#add({ kind: 'download', reader: new ObjectReader(this.#tree, object) });
  }

  async #openForWrite(path: string, flags: number): Promise<Buffer> {
    this.#tree.demandWrite(path);
    const exists = (await this.#tree.find(path)) !== null;
    if (!exists && (await this.#tree.isDirectory(path))) throw new SftpFailure('failure', 'Is a directory');
    if (!exists && !(flags & OPEN_BITS.create)) throw new SftpFailure('noSuchFile');
    if (exists && flags & OPEN_BITS.exclusive) throw new SftpFailure('failure', 'Already exists');
    // An object cannot be changed in place: only replacing it whole makes sense.
    if (exists && !(flags & OPEN_BITS.truncate)) throw new SftpFailure('unsupported', 'Appending is not supported');
    const spool = await SpoolFile.create(this.#spoolDir);
    if (this.#ended) {
      await spool.discard();
      throw new SftpFailure('failure');
    }
    return this.#add({ kind: 'upload', path: resolvePath(path), spool, started: new Date(), touched: false });
  }

  async openDirectory(path: string): Promise<Buffer> {
    const pages = this.#tree.list(path);
    const { value } = await pages.next();
    return this.#add({ kind: 'listing', pages, first: value ?? [] });
  }

  /** @returns null at the end of the file */
  async read(handle: Buffer, offset: number, length: number): Promise<Buffer | null> {
    return this.#get(handle, 'download').reader.read(offset, length);
  }

  async write(handle: Buffer, offset: number, data: Buffer): Promise<void> {
    const upload = this.#get(handle, 'upload');
    upload.touched = true;
    await upload.spool.write(offset, data);
  }

  /** @returns null when all names have been read */
  async readDirectory(handle: Buffer): Promise<FileEntry[] | null> {
    const listing = this.#get(handle, 'listing');
    const page = listing.first ?? (await listing.pages.next()).value;
    listing.first = undefined;
    return page && page.length > 0 ? page.map(fileEntryOf) : null;
  }

  stat(handle: Buffer): TreeEntry {
    const open = this.#find(handle);
    if (open.kind === 'listing') throw new SftpFailure('failure');
    if (open.kind === 'upload') {
      return { name: '', kind: 'file', sizeBytes: open.spool.sizeBytes, modified: open.started };
    }
    const { sizeBytes, modified } = open.reader.object;
    return { name: '', kind: 'file', sizeBytes, modified };
  }

  async close(handle: Buffer): Promise<void> {
    const open = this.#find(handle);
    this.#open.delete(handle.readUInt32BE(0));
    if (open.kind === 'upload') await this.#finish(open, false);
  }

  /**
   * The session is over: what is still open is a partial upload. @returns when these, and the uploads whose CLOSE came just
   * before, are in S3; calling it again only waits for them
   */
  async end(): Promise<void> {
    this.#ended = true;
    const left = [...this.#open.values()];
    this.#open.clear();
    for (const open of left) {
      if (open.kind === 'upload') this.#finish(open, true).catch((error: unknown) => this.#report.failed(error));
    }
    await Promise.allSettled([...this.#finishing]);
  }

  #finish(upload: Upload, isPartial: boolean): Promise<void> {
    const finishing = this.#putAndDiscard(upload, isPartial);
    this.#finishing.add(finishing);
    return finishing.finally(() => this.#finishing.delete(finishing));
  }

  async #putAndDiscard({ spool, path, started, touched }: Upload, isPartial: boolean): Promise<void> {
    try {
      const isWhole = await spool.settle();
      if (isPartial && !touched) return;
      if (!isWhole) throw new SftpFailure('failure');
      const etag = await this.#tree.put(path, spool);
      this.#report.uploaded({ filePath: this.#tree.filePath(path), bytes: spool.sizeBytes, etag, started, isPartial });
    } finally {
      await spool.discard();
    }
  }

  async #noFile(path: string): Promise<SftpFailure> {
    return (await this.#tree.isDirectory(path))
      ? new SftpFailure('failure', 'Is a directory')
      : new SftpFailure('noSuchFile');
  }

  #add(open: Open): Buffer {
    this.#last += 1;
    this.#open.set(this.#last, open);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.#last);
    return handle;
  }

  #find(handle: Buffer): Open {
    const open = handle.length === 4 ? this.#open.get(handle.readUInt32BE(0)) : undefined;
    if (!open) throw new SftpFailure('failure', 'Bad handle');
    return open;
  }

  #get<K extends Open['kind']>(handle: Buffer, kind: K): Extract<Open, { kind: K }> {
    const open = this.#find(handle);
    if (open.kind !== kind) throw new SftpFailure('failure', 'Bad handle');
    return open as Extract<Open, { kind: K }>;
  }
}

import ssh2, { type Attributes, type ConnectConfig, type FileEntryWithStats, type SFTPWrapper } from 'ssh2';

/** A logged-in SFTP session, for tests: the calls of ssh2's client as promises. */
export interface SftpClient {
  readonly raw: SFTPWrapper;
  open(path: string, flags: 'r' | 'w' | 'a' | 'wx' | 'r+'): Promise<Buffer>;
  write(handle: Buffer, offset: number, data: Buffer): Promise<void>;
  read(handle: Buffer, offset: number, length: number): Promise<Buffer>;
  close(handle: Buffer): Promise<void>;
  put(path: string, data: Buffer): Promise<void>;
  get(path: string): Promise<Buffer>;
  list(path: string): Promise<FileEntryWithStats[]>;
  stat(path: string): Promise<Attributes>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  realpath(path: string): Promise<string>;
  utimes(path: string, seconds: number): Promise<void>;
  /** Hangs up without a word, as a lost network does. */
  drop(): void;
  end(): Promise<void>;
  /** Resolves when the server has ended the session. */
  readonly closed: Promise<void>;
}

type Callback<T> = (error: Error | null | undefined, value: T) => void;

const promised = <T>(run: (callback: Callback<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))));

/** Connects to 127.0.0.1 and opens the sftp subsystem. Rejects where the login fails. */
export async function connectSftp(config: ConnectConfig): Promise<SftpClient> {
  const client = new ssh2.Client();
  const closed = new Promise<void>((resolve) => client.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    client.on('ready', resolve).on('error', reject);
    client.connect({ host: '127.0.0.1', ...config });
  });
  const raw = await promised<SFTPWrapper>((callback) => client.sftp(callback));
  return {
    raw,
    closed,
    open: (path, flags) => promised((callback) => raw.open(path, flags, callback)),
    write: (handle, offset, data) =>
      promised<void>((callback) => raw.write(handle, data, 0, data.length, offset, (error) => callback(error))),
    read: (handle, offset, length) =>
      promised((callback) =>
        raw.read(handle, Buffer.alloc(length), 0, length, offset, (error, count, buffer) =>
          callback(error, buffer?.subarray(0, count)),
        ),
      ),
    close: (handle) => promised<void>((callback) => raw.close(handle, (error) => callback(error))),
    put: (path, data) => promised<void>((callback) => raw.writeFile(path, data, (error) => callback(error ?? null))),
    get: (path) => promised((callback) => raw.readFile(path, callback)),
    list: (path) => promised((callback) => raw.readdir(path, callback)),
    stat: (path) => promised<Attributes>((callback) => raw.stat(path, callback)),
    rename: (from, to) => promised<void>((callback) => raw.rename(from, to, (error) => callback(error))),
    remove: (path) => promised<void>((callback) => raw.unlink(path, (error) => callback(error))),
    mkdir: (path) => promised<void>((callback) => raw.mkdir(path, (error) => callback(error))),
    rmdir: (path) => promised<void>((callback) => raw.rmdir(path, (error) => callback(error))),
    realpath: (path) => promised((callback) => raw.realpath(path, callback)),
    utimes: (path, seconds) => promised<void>((callback) => raw.utimes(path, seconds, seconds, (e) => callback(e))),
    drop: () => client.destroy(),
    async end() {
      client.end();
      await closed;
    },
  };
}

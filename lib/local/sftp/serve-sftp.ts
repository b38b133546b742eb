import type { SFTPWrapper } from 'ssh2';
import { attributesOf, directoryEntry, type TreeEntry } from './file-attributes.ts';
import type { ObjectTree } from './object-tree.ts';
import type { OpenFiles } from './open-files.ts';
import { asSftpFailure, SFTP_STATUS, SftpFailure } from './sftp-failure.ts';
import { resolvePath } from './virtual-path.ts';

/** Answers the requests of one SFTP channel (protocol version 3). */
export function serveSftp(
  sftp: SFTPWrapper,
  tree: ObjectTree,
  files: OpenFiles,
  onError: ((error: unknown) => void) | undefined,
): void {
  /** Runs a request; whatever goes wrong becomes a status of our own words. */
  const answer = (id: number, run: () => Promise<unknown>): void => {
    // A client that is gone gets no answer: ssh2 drops what is written to a closed channel.
    run().catch((error: unknown) => {
      if (!(error instanceof SftpFailure)) onError?.(error);
      refuse(id, asSftpFailure(error));
    });
  };
  const refuse = (id: number, failure: SftpFailure): void =>
    sftp.status(id, SFTP_STATUS[failure.code], failure.message);
  const done = (id: number): void => sftp.status(id, SFTP_STATUS.ok);
  const endOfFile = (id: number): void => sftp.status(id, SFTP_STATUS.endOfFile);
  const attributes = (id: number, entry: TreeEntry): void => sftp.attrs(id, attributesOf(entry));

  sftp.on('OPEN', (id, path, flags) => answer(id, async () => sftp.handle(id, await files.openFile(path, flags))));
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const data = await files.read(handle, offset, length);
      data ? sftp.data(id, data) : endOfFile(id);
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    answer(id, async () => {
      await files.write(handle, offset, data);
      done(id);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      await files.close(handle);
      done(id);
    }),
  );
  sftp.on('OPENDIR', (id, path) => answer(id, async () => sftp.handle(id, await files.openDirectory(path))));
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const names = await files.readDirectory(handle);
      names ? sftp.name(id, names) : endOfFile(id);
    }),
  );

  const stat = (id: number, path: string): void => answer(id, async () => attributes(id, await tree.stat(path)));
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('FSTAT', (id, handle) => answer(id, async () => attributes(id, files.stat(handle))));
  sftp.on('REALPATH', (id, path) =>
    answer(id, async () => {
      const filename = resolvePath(path);
      // Version 3 wants attributes here, and tells clients to ignore them (§6.11).
      sftp.name(id, [{ filename, longname: filename, attrs: attributesOf(directoryEntry(filename)) }]);
    }),
  );
  sftp.on('REMOVE', (id, path) => answer(id, () => tree.remove(path).then(() => done(id))));
  sftp.on('RENAME', (id, from, to) => answer(id, () => tree.rename(from, to).then(() => done(id))));
  sftp.on('MKDIR', (id, path) => answer(id, () => tree.makeDirectory(path).then(() => done(id))));
  sftp.on('RMDIR', (id, path) => answer(id, () => tree.removeDirectory(path).then(() => done(id))));
  // As with SetStatOption=ENABLE_NO_OP: clients that preserve dates and modes would fail after a good upload.
  sftp.on('SETSTAT', (id) => done(id));
  sftp.on('FSETSTAT', (id) => done(id));
  sftp.on('end', () => {
    void files.end();
    // Without this OpenSSH's `sftp` waits for ever after `quit`.
    sftp.end();
  });
  // A malformed packet: ssh2 has closed the channel already, and an 'error' nobody listens for would stop the process.
  sftp.on('error', () => void files.end());
  // READLINK, SYMLINK and extensions: ssh2 answers "unsupported" where nobody listens, which is what Transfer says.
}

import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import ssh2 from 'ssh2';
import type { Login } from './sample-district.ts';

/** Where to upload. */
export interface SftpAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Uploads an export over SFTP, as a district does: a file as it is, a folder file by file into the home folder.
 * Returns how many files were sent.
 */
export async function uploadExport(address: SftpAddress, login: Login, path: string): Promise<number> {
  const files = (await stat(path)).isDirectory() ? await filesOf(path) : [path];
  const connection = new ssh2.Client();
  connection.connect({ ...address, ...login, readyTimeout: 20_000 });
  await Promise.race([
    once(connection, 'ready'),
    once(connection, 'error').then(([error]) => Promise.reject(error as Error)),
  ]);
  try {
    const sftp = await new Promise<ssh2.SFTPWrapper>((resolve, reject) => {
      connection.sftp((error, channel) => (error ? reject(error) : resolve(channel)));
    });
    for (const file of files) {
      await new Promise<void>((resolve, reject) => {
        sftp.fastPut(file, `/${basename(file)}`, (error) => (error ? reject(error) : resolve()));
      });
    }
    return files.length;
  } finally {
    const closed = once(connection, 'close');
    connection.end();
    await closed;
  }
}

/** The CSV files of a folder, entering one enclosing folder. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name));
  const folders = entries.filter((entry) => entry.isDirectory());
  if (files.length === 0 && folders.length === 1) return filesOf(join(folder, folders[0]!.name));
  return files.sort();
}

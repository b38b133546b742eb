import type { Attributes, FileEntry } from 'ssh2';

/** What S3 knows of a name: all that a listing can say. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly modified: Date;
}

/** A directory has no date of its own in S3. */
const NO_DATE = new Date(0);

/** A directory of the tree. */
export const directoryEntry = (name: string): TreeEntry => ({
  name,
  kind: 'directory',
  sizeBytes: 0,
  modified: NO_DATE,
});

/** Type and permission bits; S3 has no owners and no permissions, so these are the same for all. */
const MODES = { file: 0o100644, directory: 0o040755 } as const;

/** Attributes of a name in SFTP version 3: whole seconds. */
export function attributesOf(entry: TreeEntry): Attributes {
  const seconds = Math.floor(entry.modified.getTime() / 1000);
  return { mode: MODES[entry.kind], uid: 0, gid: 0, size: entry.sizeBytes, atime: seconds, mtime: seconds };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A name of a listing, with the line that `ls -l` of many clients shows as it comes. Times are UTC. */
export function fileEntryOf(entry: TreeEntry): FileEntry {
  const bits = entry.kind === 'directory' ? 'drwxr-xr-x' : '-rw-r--r--';
  const at = entry.modified;
  const day = `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)}`;
  const time = at.toISOString().slice(11, 16);
  const longname = `${bits}   1 -        -        ${String(entry.sizeBytes).padStart(12)} ${day} ${time} ${entry.name}`;
  return { filename: entry.name, longname, attrs: attributesOf(entry) };
}

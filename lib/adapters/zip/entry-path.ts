import type { Entry } from 'yauzl';

/** The type bits of a Unix mode, kept in the upper half of the external attributes. */
const TYPE_MASK = 0o170000;
const REGULAR_FILE = 0o100000;
const DIRECTORY = 0o040000;

/** Whether a path could lead out of the folder that it is unpacked into, or mean two things to two readers. */
export const isUnsafePath = (path: string): boolean =>
  path === '' ||
  path.startsWith('/') ||
  /^[A-Za-z]:/.test(path) ||
  /[\u0000-\u001f\u007f\\]/.test(path) ||
  path
    .replace(/\/$/, '')
    .split('/')
    .some((part) => part === '..' || part === '.' || part === '');

/** Whether an entry is a link, a device or a pipe: anything of a Unix type other than file or directory. */
export const isSpecialFile = (entry: Entry): boolean => {
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
  return type !== 0 && type !== REGULAR_FILE && type !== DIRECTORY;
};

/** Whether a file is what an operating system leaves behind and nobody means to send (R8). */
export const isSystemFile = (path: string): boolean => {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  return (
    parts.includes('__MACOSX') ||
    name === '.DS_Store' ||
    name.startsWith('._') ||
    /^(thumbs\.db|desktop\.ini)$/i.test(name)
  );
};

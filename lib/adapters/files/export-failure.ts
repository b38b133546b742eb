/** Why a local export could not be opened. */
export type ExportFailureCode =
  /** Nothing is under that path. */
  | 'not-found'
  /** No permission, or neither a file nor a folder. */
  | 'not-readable';

/** A local path cannot be opened as an export; the message names the path, for the person who typed it. */
export class ExportFailure extends Error {
  override readonly name = 'ExportFailure';
  readonly retryable = false;
  readonly code: ExportFailureCode;
  readonly hint: string;

  constructor(code: ExportFailureCode, path: string, options?: ErrorOptions) {
    super(code === 'not-found' ? `There is nothing at ${path}.` : `${path} cannot be read.`, options);
    this.code = code;
    this.hint = code === 'not-found' ? 'Check the path.' : 'Check who may read it.';
  }
}

const CODES: Readonly<Record<string, ExportFailureCode>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EACCES: 'not-readable',
  EPERM: 'not-readable',
  ELOOP: 'not-readable',
};

/** Runs a file system call; what its error code means to a user becomes an `ExportFailure`, the rest is thrown on. */
export const orExportFailure = async <T>(path: string, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException | null)?.code;
    const code = errno === undefined ? undefined : CODES[errno];
    if (code === undefined) throw error;
    throw new ExportFailure(code, path, { cause: error });
  }
};

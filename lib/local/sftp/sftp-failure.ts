/** Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02 §7). */
export const SFTP_STATUS = {
  ok: 0,
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
} as const;

/** What clients are told: texts of our own, because those of the file system and of S3 name paths of this machine. */
const TEXTS = {
  endOfFile: 'End of file',
  noSuchFile: 'No such file or directory',
  permissionDenied: 'Permission denied',
  failure: 'Failure',
  unsupported: 'Operation unsupported',
} as const;

/** A request of the client that does not succeed. */
export class SftpFailure extends Error {
  override readonly name = 'SftpFailure';
  readonly code: keyof typeof TEXTS;
  readonly retryable = false;

  /** @param text for the client; must not name anything of this machine. */
  constructor(code: keyof typeof TEXTS, text: string = TEXTS[code]) {
    super(text);
    this.code = code;
  }
}

/** S3's HTTP status of a failed call; undefined where the error is not S3's. */
export function s3Status(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

/** Whatever went wrong, in the words of SFTP. */
export function asSftpFailure(error: unknown): SftpFailure {
  if (error instanceof SftpFailure) return error;
  const status = s3Status(error);
  if (status === 404) return new SftpFailure('noSuchFile');
  if (status === 403) return new SftpFailure('permissionDenied');
  return new SftpFailure('failure');
}

/** Why a command line cannot be obeyed. */
export type UsageErrorCode =
  /** An argument or option that the command needs is not there. */
  | 'missing-option'
  /** An option's value cannot be meant. */
  | 'bad-value';

/**
 * The person at the terminal has to change the command line. Shown as message and hint, without a stack; exit code 2.
 * What commander itself cannot parse is a CommanderError, which the root gives the same exit code.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: UsageErrorCode;
  /** What would be right; never empty. */
  readonly hint: string;
  readonly exitCode = 2;

  constructor(code: UsageErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Keeps and checks the passwords of SFTP accounts. */
export interface Passwords {
  /** A self-describing hash with its own salt and cost. Slow on purpose. */
  hash(password: string): Promise<string>;
  /** Whether the password is the stored one. `null` (nobody, or no password set) is false and takes as long as a real check. */
  verify(password: string, stored: string | null): Promise<boolean>;
  /** A new password, to be shown once. */
  make(): string;
}

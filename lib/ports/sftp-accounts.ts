/** The one SFTP login of a district. */
export interface SftpAccount {
  readonly districtId: string;
  /** 3 to 100 characters (see `isSftpUsername`), compared byte for byte. */
  readonly username: string;
  /** As `Passwords.hash` wrote it; null where the district uses keys only. */
  readonly passwordHash: string | null;
  /** OpenSSH public key lines. Empty where the district uses a password only. */
  readonly publicKeys: readonly string[];
  /** Addresses that may connect, such as `203.0.113.0/24`. Empty: from anywhere. */
  readonly allowedCidrs: readonly string[];
  /** No login at all while this is true (R14). */
  readonly suspended: boolean;
}

/** The SFTP logins that we know. */
export interface SftpAccounts {
  find(username: string): Promise<SftpAccount | null>;
}

/** The same, for whoever sets accounts up. */
export interface SftpAccountRegister extends SftpAccounts {
  /** Writes the whole account. A username that belongs to another district is refused with `taken`. */
  save(account: SftpAccount): Promise<'saved' | 'taken'>;
  /** Removes the login; an absent one is fine. */
  remove(username: string): Promise<void>;
}

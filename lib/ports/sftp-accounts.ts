/** The one SFTP login of a district. Whether it may be used at all is a setting of the district: `suspended` (R14). */
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
}

/** The SFTP logins that we know. */
export interface SftpAccounts {
  find(username: string): Promise<SftpAccount | null>;
}

/** The same, for whoever sets accounts up. */
export interface SftpAccountRegister extends SftpAccounts {
  /** Writes the whole account. A username that belongs to another district is refused with `taken`. */
  save(account: SftpAccount): Promise<'saved' | 'taken'>;
  /**
   * Changes the login as it is now; two who change it at once both count. `edit` may be called again, and what it throws
   * is thrown. `gone` where there is no such login.
   */
  change(username: string, edit: (account: SftpAccount) => SftpAccount): Promise<'saved' | 'gone'>;
  /** Removes the login; an absent one is fine. */
  remove(username: string): Promise<void>;
}

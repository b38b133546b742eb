import type { ServerHostKey } from '../core/district/host-keys.ts';

/** A login to be tried, as from an address. */
export interface LoginTest {
  readonly username: string;
  /** Null: with a public key, as far as that can be tried without the private one. */
  readonly password: string | null;
  readonly sourceIp: string;
}

/** The SFTP server of a stage, for whoever sets it up. */
export interface SftpServerAdmin {
  /** Whether it takes connections. */
  isOnline(): Promise<boolean>;
  hostKeys(): Promise<readonly ServerHostKey[]>;
  /** `privateKey`: as the server takes it, a PEM or OpenSSH text. */
  importHostKey(privateKey: string, description: string): Promise<void>;
  deleteHostKey(id: string): Promise<void>;
  /** Asks the identity provider as a client would; whether it said yes. */
  testLogin(login: LoginTest): Promise<boolean>;
}

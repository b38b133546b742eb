import type { SshHostKey } from '../core/district/host-keys.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import { type Line, line } from './sheet-document.ts';

/** What a district's set-up sheet is made of. No password: it goes another way. */
export interface SetUpSheetModel {
  readonly settings: DistrictSettings;
  readonly login: {
    readonly username: string;
    readonly hasPassword: boolean;
    /** `SHA256:…` of the keys that may log in. */
    readonly keyFingerprints: readonly string[];
    readonly allowedCidrs: readonly string[];
  };
  readonly sftp: {
    readonly host: string;
    readonly port: number;
    readonly hostKeys: readonly SshHostKey[];
    /** Fixed addresses of the server; empty where it has none. */
    readonly addresses: readonly string[];
  };
  /** Origin of the sign-on. */
  readonly signOnUrl: string;
  /** Whom the district calls and writes to. */
  readonly support: { readonly email: string; readonly phone: string | null };
  /** Whether reports are put into the district's own folder; else mails tell, and we send the rows. */
  readonly reportsInFolder: boolean;
}

/** How we are reached, as a sentence. */
export const reachUs = ({ support }: SetUpSheetModel): Line =>
  support.phone === null
    ? line`Write to ${support.email}.`
    : line`Call ${support.phone}, or write to ${support.email}.`;

import { isAddressAllowed } from '../core/district/address-range.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import {
  isSftpUsername,
  logicalHome,
  sessionPolicy,
  type TransferAuthEvent,
  type TransferAuthResponse,
} from '../core/district/sftp-login.ts';
import type { Districts } from '../ports/districts.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { SftpAccount, SftpAccounts } from '../ports/sftp-accounts.ts';

/** Why a login was let in or not. Only ever logged together with our own district id (R22). */
export type SftpLoginCode =
  | 'allowed'
  | 'bad-username'
  | 'unknown-account'
  | 'wrong-password'
  | 'no-public-key'
  | 'no-district'
  | 'suspended'
  | 'address-not-allowed';

/** What the decision needs. */
export interface AuthenticateSftpDeps {
  readonly accounts: SftpAccounts;
  readonly districts: Pick<Districts, 'get'>;
  readonly passwords: Pick<Passwords, 'verify'>;
  readonly settings: {
    /** Role of every session; the session policy cuts it down to one district. */
    readonly roleArn: string;
    readonly landingBucket: string;
    /** The key of that bucket. */
    readonly landingKeyArn: string;
    /** `home/<districtId>/`: the key grammar is the contract's. */
    readonly homePrefix: (districtId: string) => string;
  };
  /** Told each decision, for the log. `districtId` is null where no account was found. */
  readonly report?: (decision: { readonly code: SftpLoginCode; readonly districtId: string | null }) => void;
}

/** Looked up for whatever is no username: it may read as a key that the function has no right to. Nobody has this one. */
const NO_NAME = '-';

/**
 * Answers Transfer Family's question "who is this, and what may they do?" (R3, R14). A no is `{}` and nothing else: the
 * client cannot learn from the answer, nor from the time it takes, whether the account exists or what was wrong.
 * With a key login the client's signature is checked by Transfer, against the public keys in the answer.
 */
export async function authenticateSftp(
  event: TransferAuthEvent,
  deps: AuthenticateSftpDeps,
): Promise<TransferAuthResponse> {
  const username = isSftpUsername(event.username) ? event.username : NO_NAME;
  // Nobody's username is looked up too, so that the answer takes as long; what is no username names rows of its own kind.
  const account = await deps.accounts.find(username);
  const district = await deps.districts.get(account?.districtId ?? username);
  const code = await decide(event, account, district?.settings ?? null, deps.passwords);
  deps.report?.({ code, districtId: account?.districtId ?? null });
  if (code !== 'allowed' || !account) return {};
  const { roleArn, landingBucket, landingKeyArn, homePrefix } = deps.settings;
  const home = { bucket: landingBucket, keyArn: landingKeyArn, prefix: homePrefix(account.districtId), roleArn };
  return {
    Role: roleArn,
    Policy: sessionPolicy(home),
    HomeDirectoryType: 'LOGICAL',
    HomeDirectoryDetails: logicalHome(home),
    ...(event.password ? {} : { PublicKeys: account.publicKeys }),
  };
}

async function decide(
  event: TransferAuthEvent,
  account: SftpAccount | null,
  district: Pick<DistrictSettings, 'suspended'> | null,
  passwords: Pick<Passwords, 'verify'>,
): Promise<SftpLoginCode> {
  // First, and for everyone: the slow check must not tell a known name from an unknown, suspended or distant one.
  const known = event.password ? await passwords.verify(event.password, account?.passwordHash ?? null) : null;
  if (!isSftpUsername(event.username)) return 'bad-username';
  if (!account) return 'unknown-account';
  if (known === false) return 'wrong-password';
  if (known === null && account.publicKeys.length === 0) return 'no-public-key';
  // Off-boarding removes the settings first (R22).
  if (!district) return 'no-district';
  if (district.suspended) return 'suspended';
  if (!isAddressAllowed(event.sourceIp, account.allowedCidrs)) return 'address-not-allowed';
  return 'allowed';
}

import type { TransferAuthEvent, TransferAuthResponse } from '../../lib/core/district/sftp-login.ts';
import { type AuthenticateSftpDeps, authenticateSftp } from '../../lib/flows/authenticate-sftp.ts';
import { wireSftpAuth } from './wire.ts';

/** The function over given adapters: what the local stack runs. */
export const makeSftpAuthHandler =
  (deps: AuthenticateSftpDeps) =>
  async (event: TransferAuthEvent): Promise<TransferAuthResponse> => {
    const { username, password, protocol, serverId, sourceIp } = event;
    // A username that is not a string cannot come from Transfer; nothing of it may reach an error text (R22).
    if (typeof username !== 'string' || typeof sourceIp !== 'string') return {};
    return authenticateSftp(
      { username, ...(typeof password === 'string' ? { password } : {}), protocol, serverId, sourceIp },
      deps,
    );
  };

let wired: ReturnType<typeof makeSftpAuthHandler> | undefined;

/** Lambda entry: Transfer Family's identity provider. Never logs the event: it may hold a password. */
export const handler = (event: TransferAuthEvent): Promise<TransferAuthResponse> => {
  wired ??= makeSftpAuthHandler(wireSftpAuth(process.env));
  return wired(event);
};

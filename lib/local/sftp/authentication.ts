import ssh2, { type AuthContext, type PublicKeyAuthContext } from 'ssh2';
import { isSftpUsername, type TransferAuthEvent, type TransferAuthResponse } from '../../core/district/sftp-login.ts';
import { readGrant, type SessionGrant } from './session-grant.ts';

/** What Transfer's identity provider is here: a call of the function. A throw is a no. */
export type Authenticate = (event: TransferAuthEvent) => Promise<TransferAuthResponse>;

/** What is known of a connection before anyone has logged in. */
export interface LoginOrigin {
  readonly serverId: string;
  readonly sourceIp: string;
}

/**
 * Decides one authentication request as Transfer does with PUBLIC_KEY_OR_PASSWORD: a password goes to the identity
 * provider; for a key the provider is asked without a password and says which keys the user has.
 *
 * @returns what the session may do, or null for no.
 */
export async function decideLogin(
  context: AuthContext,
  origin: LoginOrigin,
  authenticate: Authenticate,
): Promise<SessionGrant | null> {
  const { username } = context;
  if (!isSftpUsername(username)) return null;
  const event = { username, protocol: 'SFTP', ...origin };
  if (context.method === 'password') {
    // An empty password is how the event says "key login": passed on, it would let anyone in who has a key on file.
    if (context.password === '') return null;
    return readGrant(username, await authenticate({ ...event, password: context.password }));
  }
  if (context.method !== 'publickey') return null;
  const grant = readGrant(username, await authenticate(event));
  return grant && holdsKey(context, grant.publicKeys) ? grant : null;
}

/** The first of the two requests of a key login only asks whether the key would do; it carries no signature. */
export const isKeyEnquiry = (context: AuthContext): boolean => context.method === 'publickey' && !context.signature;

function holdsKey(context: PublicKeyAuthContext, publicKeys: readonly string[]): boolean {
  // `ssh-rsa` without a named hash is a SHA-1 signature, which the security policy no longer allows.
  if (context.key.algo === 'ssh-rsa' && !context.hashAlgo) return false;
  return publicKeys.some((line) => {
    const key = ssh2.utils.parseKey(line);
    if (key instanceof Error || key.type !== context.key.algo) return false;
    if (!key.getPublicSSH().equals(context.key.data)) return false;
    if (!context.signature) return true;
    // verify() returns an Error where it cannot check, and an Error is truthy.
    return context.blob !== undefined && key.verify(context.blob, context.signature, context.hashAlgo) === true;
  });
}

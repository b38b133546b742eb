import type { Algorithms } from 'ssh2';

/**
 * TransferSecurityPolicy-2025-03, as far as ssh2 1.17 has its algorithms (Transfer Family user guide, "Security policies
 * for AWS Transfer Family servers"). Missing here: the ML-KEM hybrids. A client that gets in here by one of these gets in
 * there too; one that needs SHA-1, plain `hmac-sha2-*` or CBC gets in at neither.
 */
export const TRANSFER_SECURITY_POLICY_2025_03 = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group-exchange-sha256',
  ],
  cipher: ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'],
  compress: ['none'],
} satisfies Algorithms;

import ssh2 from 'ssh2';

/** A key pair in OpenSSH's formats. */
export interface SshKeyPair {
  /** `-----BEGIN OPENSSH PRIVATE KEY-----`, without a passphrase. */
  readonly privateKey: string;
  /** One line, `ssh-ed25519 AAAA…`. */
  readonly publicKey: string;
}

/** Kinds of keys that Transfer takes: Ed25519, ECDSA on P-256, RSA of 3,072 bits. */
export type SshKeyType = 'ed25519' | 'ecdsa' | 'rsa';

const generate = {
  ed25519: () => ssh2.utils.generateKeyPairSync('ed25519'),
  ecdsa: () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }),
  rsa: () => ssh2.utils.generateKeyPairSync('rsa', { bits: 3072 }),
} as const;

/** 0.6 % of ed25519 keys come out broken, so five in a row is a defect of another kind. */
const MAX_TRIES = 5;

/**
 * Makes a key pair. ssh2 1.17 writes about one ed25519 key in 170 so that it cannot be read again (it drops leading zero
 * bytes), so a pair counts only after it has signed something and the signature was checked.
 */
export function makeSshKeyPair(type: SshKeyType): SshKeyPair {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const pair = generate[type]();
    if (isUsable(pair.private, pair.public)) return { privateKey: pair.private, publicKey: pair.public };
  }
  throw new Error(`no usable ${type} key after ${MAX_TRIES} tries`);
}

function isUsable(privateText: string, publicText: string): boolean {
  const privateKey = ssh2.utils.parseKey(privateText);
  const publicKey = ssh2.utils.parseKey(publicText);
  if (privateKey instanceof Error || publicKey instanceof Error) return false;
  const signed = Buffer.from('rollcall');
  return publicKey.verify(signed, privateKey.sign(signed)) === true;
}

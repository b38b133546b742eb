/** A public host key as people compare it. */
export interface SshHostKey {
  /** Name of the algorithm, such as `ssh-ed25519`. */
  readonly type: string;
  readonly bits: number;
  /** `SHA256:…` as OpenSSH shows it: base64 without padding. */
  readonly fingerprint: string;
}

/** A host key that the server has. */
export interface ServerHostKey {
  readonly id: string;
  readonly type: string;
  readonly fingerprint: string;
}

/** What makes a server's host keys those of the secret. */
export interface HostKeyChanges {
  /** Keys of the secret that the server lacks. Imported first: a type is never without a key. */
  readonly imports: readonly SshHostKey[];
  /** Keys of the server that the secret does not have: the oldest of a type is the one that it shows. */
  readonly deletes: readonly ServerHostKey[];
}

/** Compares the keys that a server has with the keys that it should have. */
export function planHostKeys(server: readonly ServerHostKey[], secret: readonly SshHostKey[]): HostKeyChanges {
  const [has, wants] = [server, secret].map((keys) => new Set(keys.map(({ fingerprint }) => fingerprint)));
  return {
    imports: secret.filter(({ fingerprint }) => !has?.has(fingerprint)),
    deletes: server.filter(({ fingerprint }) => !wants?.has(fingerprint)),
  };
}

/** Whether a server has these keys and no others. */
export const areHostKeysEqual = ({ imports, deletes }: HostKeyChanges): boolean =>
  imports.length + deletes.length === 0;

/**
 * A fingerprint as WinSCP shows it and takes it after `-hostkey=`: type, bits, and the base64 with its padding.
 * WinSCP and PuTTY count 255 bits for Ed25519, OpenSSH 256.
 */
export function winScpFingerprint({ type, bits, fingerprint }: SshHostKey): string {
  const base64 = fingerprint.replace(/^SHA256:/, '');
  return `${type} ${type === 'ssh-ed25519' ? 255 : bits} ${base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')}`;
}

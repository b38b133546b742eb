import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import type { SshHostKey } from '../../core/district/host-keys.ts';
import { describeSshBlob } from '../../core/district/ssh-public-key.ts';
import { makeSshKeyPair, type SshKeyType } from './ssh-key-pair.ts';

/** All types from the first day: a new type that comes later looks like an attack to clients. */
const TYPES: readonly SshKeyType[] = ['ed25519', 'ecdsa', 'rsa'];

/** A host key of the server. */
export interface HostKey extends SshHostKey {
  /** OpenSSH private key. */
  readonly privateKey: string;
}

/** Reads the host keys from a folder and makes those that are missing. Files and folder are readable by their owner only. */
export async function loadHostKeys(hostKeyDir: string): Promise<HostKey[]> {
  await mkdir(hostKeyDir, { recursive: true, mode: 0o700 });
  return Promise.all(TYPES.map((type) => loadHostKey(hostKeyDir, type)));
}

async function loadHostKey(hostKeyDir: string, type: SshKeyType): Promise<HostKey> {
  const file = join(hostKeyDir, `ssh_host_${type}_key`);
  const privateKey = (await readIfThere(file)) ?? (await makeHostKey(file, type));
  const key = parseHostKey(privateKey, type);
  const blob = key.getPublicSSH();
  const described = describeSshBlob(blob);
  if (!described) throw new Error(`the ${type} host key is of a kind that Transfer does not take`);
  const fingerprint = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { ...described, fingerprint: `SHA256:${fingerprint}`, privateKey };
}

function parseHostKey(text: string, type: SshKeyType): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw new Error(`the ${type} host key file is damaged: remove it to get a new key`);
  return key;
}

async function makeHostKey(file: string, type: SshKeyType): Promise<string> {
  const { privateKey } = makeSshKeyPair(type);
  // Written aside first: a start that is killed here must not leave half a key behind.
  await writeFile(`${file}.new`, privateKey, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return privateKey;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

import { areHostKeysEqual, type HostKeyChanges, planHostKeys, type SshHostKey } from '../core/district/host-keys.ts';
import type { SftpServerAdmin } from '../ports/sftp-server.ts';

/** A host key that can be imported. */
interface WholeHostKey extends SshHostKey {
  readonly privateKey: string;
}

/** What is to be done, or was done, to the server's host keys. */
export interface HostKeysOutcome {
  readonly changes: HostKeyChanges;
  /** Whether the server has the keys of the secret now, and no others. */
  readonly equal: boolean;
}

/**
 * Gives a server the host keys of the secret and no others. Every key is imported before one is deleted: the oldest of a
 * type is the active one, so a key of ours counts once those that AWS made are gone. Done twice, nothing happens; stopped in
 * the middle, it goes on where it was. What the server says at the end is what counts.
 */
export async function keepHostKeys(
  server: SftpServerAdmin,
  secret: readonly WholeHostKey[],
  options: { readonly dryRun: boolean },
): Promise<HostKeysOutcome> {
  const changes = planHostKeys(await server.hostKeys(), secret);
  if (options.dryRun || areHostKeysEqual(changes)) return { changes, equal: areHostKeysEqual(changes) };
  for (const { fingerprint, type } of changes.imports) {
    const { privateKey } = secret.find((key) => key.fingerprint === fingerprint)!;
    await server.importHostKey(privateKey, `Rollcall ${type}`);
  }
  for (const { id } of changes.deletes) await server.deleteHostKey(id);
  return { changes, equal: areHostKeysEqual(planHostKeys(await server.hostKeys(), secret)) };
}

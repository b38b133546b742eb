import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readSignOnSecret, type SignOnSecret } from '../../core/sso/sign-on-secret.ts';
import { type RotationOutcome, rotateSigningKeys } from '../../core/sso/signing-keys.ts';
import type { Secrets } from '../../ports/sso/secrets.ts';
import { newSigningKey, newSignOnSecret } from './new-secret.ts';

/** What the file of one machine holds: the secret, and what the stand-ins beside it have to know. */
export interface LocalSecretFile extends SignOnSecret {
  /** The products' own client secrets in clear. Only ever on one machine; a deployed secret has the hashes alone. */
  readonly standIns: { readonly clientSecrets: Readonly<Record<string, string>> };
}

/**
 * The secret of the local stack: made at first use, readable by its owner only, kept for the life of the data folder.
 * A client that was registered since gets a secret of its own; nothing else of an old file changes.
 */
export async function ensureSecretFile(
  path: string,
  clientIds: readonly string[],
  now: Date,
): Promise<LocalSecretFile> {
  const stored = await readIfThere(path);
  const missing = clientIds.filter((clientId) => !stored?.standIns.clientSecrets[clientId]);
  if (stored && missing.length === 0) return stored;
  const fresh = newSignOnSecret(missing, now);
  const base = stored ?? { ...fresh.secret, standIns: { clientSecrets: {} } };
  const file: LocalSecretFile = {
    ...base,
    clientSecretHashes: { ...base.clientSecretHashes, ...fresh.secret.clientSecretHashes },
    standIns: { clientSecrets: { ...base.standIns.clientSecrets, ...fresh.clientSecrets } },
  };
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, file);
  return file;
}

/**
 * One step of the rotation of the signing keys (`rotateSigningKeys`). The running function reads the file at each request,
 * so it counts at once. Throws ENOENT where there is no such file.
 */
export async function rotateSecretFile(path: string, now: Date): Promise<RotationOutcome> {
  const { signingKeys, ...rest } = parseFile(await readFile(path, 'utf8'));
  const outcome = rotateSigningKeys(signingKeys, newSigningKey(), now);
  if (outcome.done !== 'too-early') await replaceFile(path, { ...rest, signingKeys: outcome.keys });
  return outcome;
}

/** In one step, and for its owner's eyes only. */
async function replaceFile(path: string, file: LocalSecretFile): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  await writeFile(temporary, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

function parseFile(text: string): LocalSecretFile {
  const secret = readSignOnSecret(text);
  return { ...secret, standIns: (JSON.parse(text) as Partial<LocalSecretFile>).standIns ?? { clientSecrets: {} } };
}

async function readIfThere(path: string): Promise<LocalSecretFile | null> {
  try {
    return parseFile(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
}

/** Secrets from such a file; read again each time, so that a test may rotate keys under a running function. */
export const createFileSecrets = (path: string): Secrets => ({
  read: async () => readSignOnSecret(await readFile(path, 'utf8')),
});

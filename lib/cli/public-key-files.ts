import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MAX_PUBLIC_KEYS, readSshPublicKey, sshBlobOf } from '../core/district/ssh-public-key.ts';
import { CommandError } from './output.ts';

/** Public keys of files, one line each, in order and without doubles. A file may hold several. */
export async function readPublicKeyFiles(paths: readonly string[]): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => {
      throw new CommandError(
        'not-found',
        `There is no file ${path} that can be read.`,
        'Give the path of a .pub file.',
      );
    });
    const isOneThing = /^-+ ?BEGIN/m.test(text);
    const lines = isOneThing ? [text.trim()] : text.split('\n').filter((line) => /^\s*[^#\s]/.test(line));
    if (lines.length === 0) throw new CommandError('bad-key', `${path} is empty.`, 'Give the path of a .pub file.');
    for (const [at, line] of lines.entries()) {
      const key = readSshPublicKey(line);
      if (typeof key === 'string') {
        const where = lines.length === 1 ? path : `Line ${at + 1} of ${path}`;
        throw new CommandError('bad-key', `${where} ${key}.`, 'It should look like: ssh-ed25519 AAAA…');
      }
      keys.push(key.line);
    }
  }
  return withoutTooMany([...new Set(keys)]);
}

/** At most as many as Transfer Family tries for one login. */
export function withoutTooMany(keys: readonly string[]): readonly string[] {
  if (keys.length <= MAX_PUBLIC_KEYS) return keys;
  const message = `A login has at most ${MAX_PUBLIC_KEYS} keys; these would be ${keys.length}. Nothing was changed.`;
  throw new CommandError('too-many-keys', message, 'Remove keys that are no longer used: rollcall district keys.');
}

/** `SHA256:…` of a public key line, as OpenSSH shows it. */
export const fingerprintOf = (line: string): string =>
  `SHA256:${createHash('sha256').update(sshBlobOf(line)).digest('base64').replace(/=+$/, '')}`;

import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshHostKey } from '../core/district/host-keys.ts';

/** Where a running stack can be reached; kept in its data folder while it runs. */
export interface StackFile {
  readonly pid: number;
  readonly endpoints: Endpoints;
  readonly http: string;
  /** What districts connect to. */
  readonly sftp: { readonly host: string; readonly port: number; readonly hostKeys: readonly SshHostKey[] };
  readonly signOnUrl: string;
}

/** Addresses of the AWS stand-ins. */
export interface Endpoints {
  readonly s3: string;
  readonly sqs: string;
  readonly dynamodb: string;
}

const pathOf = (dataDir: string): string => join(dataDir, 'stack.json');

/** Says that a stack runs on this data folder. */
export async function writeStackFile(dataDir: string, stack: StackFile): Promise<void> {
  const temporary = `${pathOf(dataDir)}.tmp`;
  await writeFile(temporary, JSON.stringify(stack), { mode: 0o600 });
  await rename(temporary, pathOf(dataDir));
}

export const removeStackFile = (dataDir: string): Promise<void> => rm(pathOf(dataDir), { force: true });

/** The stack that runs on a data folder; null where none does (also when one was killed and left its file). */
export function readStackFile(dataDir: string): StackFile | null {
  try {
    const stack = JSON.parse(readFileSync(pathOf(dataDir), 'utf8')) as StackFile;
    process.kill(stack.pid, 0);
    return stack;
  } catch {
    return null;
  }
}

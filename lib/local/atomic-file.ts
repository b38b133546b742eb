import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

let counter = 0;
const SUFFIX = '.tmp';

/**
 * Replaces a small file in one step: after a crash it holds the old or the new text, never a part. Synchronous on
 * purpose: between the check of a condition and this call nothing else can run.
 */
export function writeAtomically(path: string, text: string): void {
  counter += 1;
  const temporary = `${path}.${process.pid}-${counter}${SUFFIX}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** Names of the files in a folder; what a crash left half written is deleted. */
export function finishedFiles(directory: string): readonly string[] {
  const names = readdirSync(directory);
  for (const name of names) if (name.endsWith(SUFFIX)) rmSync(join(directory, name), { force: true });
  return names.filter((name) => !name.endsWith(SUFFIX));
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FuzzFailure } from './fuzz.ts';

const ROOT = join(import.meta.dirname, '../../.scratch/fuzz');

/** Writes the input of a failed case, so that `rollcall check` can be run on it. Returns the folder. */
export function saveFailure({ seed, number, broken, done, damaged }: FuzzFailure): string {
  const folder = join(ROOT, `${seed}-${number}`);
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'what.txt'), [...broken, '', ...done, ''].join('\n'));
  if (damaged.archive !== null) writeFileSync(join(folder, 'export.zip'), damaged.archive);
  damaged.files.forEach(({ path, bytes }, at) => {
    writeFileSync(join(folder, 'files', basename(path).slice(0, 100) || `file-${at}`), bytes);
  });
  return folder;
}

import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Appends lines to a file. */
export async function openLogFile(path: string): Promise<{ write(line: string): void; close(): Promise<void> }> {
  await mkdir(dirname(path), { recursive: true });
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  return {
    write: (line) => {
      // A function that was abandoned when the stack stopped may still have something to say.
      if (stream.writable) stream.write(`${line}\n`);
    },
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

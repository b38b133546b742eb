import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

type Answer<T> = (error: Error | null, value: T) => void;

const promised = <T>(run: (answer: Answer<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))));

/** Extracts the files of a zip into a folder, with nothing of our own reading code. Returns the folder. */
export async function unzip(zip: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = await promised<yauzl.ZipFile>((answer) => yauzl.open(zip, { autoClose: false }, answer));
  const entries: yauzl.Entry[] = [];
  file.on('entry', (entry: yauzl.Entry) => entries.push(entry));
  await promised<void>((answer) => file.once('end', () => answer(null)).once('error', (error) => answer(error)));
  for (const entry of entries) {
    const stream = await promised<Readable>((answer) => file.openReadStream(entry, answer));
    await pipeline(stream, createWriteStream(join(folder, basename(entry.fileName))));
  }
  file.close();
  return folder;
}

import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/** Extracts the files of a zip into a folder, without any of our own reading code. */
export async function unzip(zip: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(zip, {
    autoClose: false,
    lazyEntries: false,
  });
  const entries: yauzl.Entry[] = [];
  file.on('entry', (entry: yauzl.Entry) => entries.push(entry));
  await new Promise<void>((resolve, reject) => file.once('end', resolve).once('error', reject));
  for (const entry of entries) {
    const stream = await promisify(file.openReadStream.bind(file) as (e: yauzl.Entry, cb: never) => void)(entry);
    await pipeline(
      stream as unknown as NodeJS.ReadableStream,
      createWriteStream(join(folder, basename(entry.fileName))),
    );
  }
  file.close();
  return folder;
}

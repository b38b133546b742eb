import type { TableEvent } from '../../lib/core/delivery/table-file.ts';
import type { Upload } from '../../lib/core/delivery/upload.ts';
import type { DeliveryReader } from '../../lib/ports/delivery-reader.ts';
import { ObjectMissing } from '../../lib/ports/failure.ts';
import type { Archive } from '../../lib/ports/objects.ts';
import { eventsOf } from './contents.ts';
import type { Piece } from './uploads.ts';

/** An object as it reads: the events of each file by name; null for a zip that is cut (R16). */
type ReadObject = ReadonlyMap<string, readonly TableEvent[]> | null;

/** Bytes of objects, and how they read: everything is parsed before time begins to move. */
export class ReadObjects {
  readonly #byTag = new Map<string, ReadObject>();

  /** The bytes of a piece: a CSV as it is, a zip as the JSON text of its files, cut in the middle if it is cut. */
  static bytesOf({ body, cut }: Piece): Uint8Array {
    if (typeof body === 'string') return new TextEncoder().encode(body);
    const text = JSON.stringify(body);
    return new TextEncoder().encode(cut ? text.slice(0, text.length / 2) : text);
  }

  static async parse({ body, cut, key }: Piece): Promise<ReadObject> {
    if (typeof body === 'string') return new Map([[key.slice(key.lastIndexOf('/') + 1), await eventsOf(body)]]);
    if (cut) return null;
    const files = new Map<string, readonly TableEvent[]>();
    for (const [name, text] of Object.entries(body)) files.set(name, await eventsOf(text));
    return files;
  }

  /** Remembers how the object with this entity tag reads. */
  add(key: string, eTag: string, read: ReadObject): void {
    this.#byTag.set(`${key}\n${eTag}`, read);
  }

  of(key: string, eTag: string): ReadObject {
    const read = this.#byTag.get(`${key}\n${eTag}`);
    if (read === undefined) throw new Error('an object that nobody put');
    return read;
  }
}

/** Reads deliveries out of the archive, but parsed beforehand. `homeOf`: the landing key of a file of a delivery. */
export function simulatedReader(
  archive: Archive,
  objects: ReadObjects,
  landingKeyOf: (archiveKey: string) => string,
): DeliveryReader {
  return {
    async open({ packaging }, files) {
      const upload = { packaging: packaging === 'zip' ? 'zip' : 'folder', entries: [], faults: [] } as const;
      const close = async () => {};
      const entries: Upload['entries'][number][] = [];
      for (const { key, eTag, bytes } of files) {
        if ((await archive.size(key)) === null) throw new ObjectMissing('the object is not in the archive');
        const read = objects.of(landingKeyOf(key), eTag);
        if (read === null) return { ...upload, faults: ['zip-broken'], close };
        for (const [path, events] of read) entries.push({ path, bytes, read: () => replay(events) });
      }
      return { ...upload, entries, close };
    },
  };
}

async function* replay(events: readonly TableEvent[]): AsyncGenerator<TableEvent> {
  for (const event of events) yield event;
}

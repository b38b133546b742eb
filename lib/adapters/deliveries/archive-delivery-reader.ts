import type { DeliveryFile } from '../../core/sync/sync.ts';
import type { DeliveryReader, ReadingLimits } from '../../ports/delivery-reader.ts';
import type { Archive } from '../../ports/objects.ts';
import { readTable } from '../csv/csv-table.ts';
import { BrokenEntry } from '../zip/broken-entry.ts';
import { openZip, type ZipEntry } from '../zip/open-zip.ts';

/** Reads the frozen files of a delivery out of the archive: loose files as they are, a zip by ranges. */
export function createDeliveryReader(archive: Archive): DeliveryReader {
  return {
    open: (delivery, files, limits) =>
      delivery.packaging === 'zip' ? openZipDelivery(archive, files, limits) : openFiles(archive, files, limits),
  };
}

async function openFiles(archive: Archive, files: readonly DeliveryFile[], { maxRowBytes }: ReadingLimits) {
  return {
    packaging: 'folder' as const,
    entries: files.map(({ name, bytes, key }) => ({
      path: name,
      bytes,
      read: () => readTable(() => archive.read(key), { maxRowBytes }),
    })),
    faults: [],
    close: async () => {},
  };
}

async function openZipDelivery(archive: Archive, files: readonly DeliveryFile[], limits: ReadingLimits) {
  const [file] = files;
  if (file === undefined) throw new Error('a zip delivery has no file');
  const source = { size: file.bytes, read: (start: number, end: number) => archive.read(file.key, start, end) };
  const zip = await openZip(source, limits.zip);
  const { maxRowBytes } = limits;
  return {
    packaging: 'zip' as const,
    entries: zip.entries.map(({ path, size, open }) => ({
      path,
      bytes: size,
      read: () => readTable(open, { maxRowBytes }),
    })),
    faults: zip.faults.map(({ code }) => code),
    faultPaths: zip.faults.map(({ path: entry }) => entry),
    isIntact: () => areIntact(zip.entries),
    close: async () => {},
  };
}

/** Reads every entry to its end, which holds it to its checksum (R16). */
async function areIntact(entries: readonly ZipEntry[]): Promise<boolean> {
  try {
    for (const entry of entries) for await (const _ of entry.open());
    return true;
  } catch (thrown) {
    if (thrown instanceof BrokenEntry) return false;
    throw thrown;
  }
}

import type { DeliveryFile } from '../../core/sync/sync.ts';
import type { DeliveryReader } from '../../ports/delivery-reader.ts';
import type { Archive } from '../../ports/objects.ts';
import { readTable } from '../csv/csv-table.ts';
import { openZip } from '../zip/open-zip.ts';

/** Reads the frozen files of a delivery out of the archive: loose files as they are, a zip by ranges. */
export function createDeliveryReader(archive: Archive): DeliveryReader {
  return {
    open: (delivery, files, maxRowBytes) =>
      delivery.packaging === 'zip'
        ? openZipDelivery(archive, files, maxRowBytes)
        : openFiles(archive, files, maxRowBytes),
  };
}

async function openFiles(archive: Archive, files: readonly DeliveryFile[], maxRowBytes: number) {
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

async function openZipDelivery(archive: Archive, files: readonly DeliveryFile[], maxRowBytes: number) {
  const [file] = files;
  if (file === undefined) throw new Error('a zip delivery has no file');
  const source = { size: file.bytes, read: (start: number, end: number) => archive.read(file.key, start, end) };
  const zip = await openZip(source);
  return {
    packaging: 'zip' as const,
    entries: zip.entries.map(({ path, size, open }) => ({
      path,
      bytes: size,
      read: () => readTable(open, { maxRowBytes }),
    })),
    faults: zip.faults.map(({ code }) => code),
    close: async () => {},
  };
}

import type { Upload } from '../../core/delivery/upload.ts';
import { readTable } from '../csv/csv-table.ts';
import { openExport } from './open-export.ts';

/** Opens a local export as the engine reads it. `maxRowBytes`: longest row, as in the district's settings. */
export async function openUpload(path: string, maxRowBytes?: number): Promise<Upload & { close(): Promise<void> }> {
  const local = await openExport(path);
  const limits = maxRowBytes === undefined ? {} : { maxRowBytes };
  return {
    packaging: local.kind,
    entries: local.entries.map(({ path: entry, size, open }) => ({
      path: entry,
      bytes: size,
      read: () => readTable(open, limits),
    })),
    faults: local.faults.map(({ code }) => code),
    faultPaths: local.faults.map(({ path }) => path),
    close: () => local.close(),
  };
}

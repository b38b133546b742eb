import { recogniseFileName } from '../core/delivery/file-names.ts';
import type { Delivery, DeliveryFile } from '../core/sync/sync.ts';
import type { DeliveryLedger } from '../ports/ledger.ts';

/**
 * The files of a delivery, or of a set that is to become one, whose upload was reported as failed (R16): with one of them
 * it is not whole. Of loose files only those count that are read: what the manifest calls absent may lie there from an
 * earlier export, and must not hold this one back.
 */
export function failedFiles(
  ledger: DeliveryLedger,
  delivery: Pick<Delivery, 'districtId' | 'folder' | 'packaging' | 'bulkFiles' | 'deltaFiles'>,
  files: readonly DeliveryFile[],
): Promise<readonly DeliveryFile[]> {
  const asked = delivery.packaging === 'zip' ? files : files.filter(({ name }) => isRead(name, delivery));
  return ledger.barredAmong(delivery.districtId, delivery.folder, asked);
}

/** Of an unreadable export nobody knows what counts: then every OneRoster file does. */
function isRead(name: string, { bulkFiles, deltaFiles }: Pick<Delivery, 'bulkFiles' | 'deltaFiles'>): boolean {
  const file = recogniseFileName(name)?.file;
  if (file === undefined) return false;
  const read = [...bulkFiles, ...deltaFiles];
  return file === 'manifest' || read.length === 0 || read.includes(file);
}

import { recogniseFileName } from '../core/delivery/file-names.ts';
import type { Delivery, DeliveryFile } from '../core/sync/sync.ts';
import type { DeliveryLedger } from '../ports/ledger.ts';

/**
 * The files of a delivery, or of a set that is to become one, whose upload was reported as failed (R16): none of them may
 * count as whole. Loose files that are no OneRoster files are not read, so nobody asks for them.
 */
export function failedFiles(
  ledger: DeliveryLedger,
  { districtId, folder, packaging }: Pick<Delivery, 'districtId' | 'folder' | 'packaging'>,
  files: readonly DeliveryFile[],
): Promise<readonly DeliveryFile[]> {
  const read = files.filter(({ name }) => packaging === 'zip' || recogniseFileName(name) !== null);
  return ledger.barredAmong(districtId, folder, read);
}

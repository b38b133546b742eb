import type { Sync } from '../../core/sync/sync.ts';
import { failedFiles } from '../failed-files.ts';
import { type Answer, type CommandPorts, refused } from './command-ports.ts';

/** R16: what was shown may lack the end of a file whose upload failed, and its removals would be those of that end. */
export async function refuseFailedUpload(
  { ledger }: Pick<CommandPorts, 'ledger'>,
  { districtId, deliveryId }: Sync,
): Promise<Answer | null> {
  const delivery = await ledger.get(districtId, deliveryId);
  if (delivery === null) return null;
  const failed = await failedFiles(ledger, delivery, await ledger.files(districtId, deliveryId));
  if (failed.length === 0) return null;
  const message = 'The SFTP server reports that the upload of one of its files failed. Reject it, and export again.';
  return refused('upload-failed', message);
}

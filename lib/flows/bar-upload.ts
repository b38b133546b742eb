import { parseUploadKey } from '../contracts/object-keys.ts';
import type { FailedObject } from '../contracts/transfer-events.ts';
import type { Clock } from '../ports/clock.ts';
import type { Districts } from '../ports/districts.ts';
import type { DeliveryLedger } from '../ports/ledger.ts';
import { type ReceiveOutcome, reasonToIgnore } from './receive-upload.ts';

/** What an upload-failed event led to. */
export type BarOutcome = 'barred' | Exclude<ReceiveOutcome, 'scheduled'>;

/**
 * The SFTP server says that an upload failed: what it has left is barred until another upload replaces it (R16). The event
 * is advisory: it may never come, come late or twice, before or after the object's own. So nothing is done here but to
 * remember it; whoever takes files, seals a set, plans, or approves a plan asks.
 */
export async function barUpload(
  ports: { readonly clock: Clock; readonly districts: Districts; readonly ledger: DeliveryLedger },
  failed: FailedObject | null,
): Promise<BarOutcome> {
  const key = failed && parseUploadKey(failed.key);
  if (failed === null || key === null) return 'not-an-upload';
  const ignored = reasonToIgnore(key);
  if (ignored !== null) return ignored;
  const { districtId, folder, name } = key;
  if ((await ports.districts.get(districtId)) === null) return 'unknown-district';
  const endedAt = failed.endedAt ?? ports.clock.now().toISOString();
  await ports.ledger.bar(districtId, { folder, name, eTag: failed.eTag, endedAt });
  return 'barred';
}

import type { DistrictSettings } from '../core/district/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryLedger, OpenSet } from '../ports/ledger.ts';
import { orderOf } from './survey-files.ts';

/** A set that did not become whole in its time never takes another file: yesterday's and today's must not mix (R16). */
export const isStale = (
  set: Pick<OpenSet, 'openedAt'>,
  settings: Pick<DistrictSettings, 'incompleteAfterHours'>,
  now: Date,
): boolean => now.getTime() - Date.parse(set.openedAt) > settings.incompleteAfterHours * 3_600_000;

/**
 * Ends a stale set as `incomplete`: it changes nothing, and the next file opens a new one. `left` where someone else ended
 * it, or just replaced one of its files: whoever asks again sees. `watch` tells of it.
 */
export async function closeStaleSet(
  { ledger, clock }: { readonly ledger: DeliveryLedger; readonly clock: Clock },
  districtId: string,
  deliveryId: string,
): Promise<'closed' | 'left'> {
  const delivery = await ledger.get(districtId, deliveryId);
  if (delivery?.state !== 'receiving') return 'left';
  const receivedAt = clock.now().toISOString();
  const files = await ledger.files(districtId, deliveryId);
  const order = orderOf(files, receivedAt, deliveryId);
  const sealed = await ledger.seal({ ...delivery, state: 'incomplete', order, receivedAt }, files);
  return sealed === 'sealed' ? 'closed' : 'left';
}

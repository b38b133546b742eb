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

/** How long a worker may take from opening a set to its first file, minutes: longer than a function may run. */
const FORSAKEN_MINUTES = 16;

/**
 * Whether no file came into a set although it was opened long ago: its worker ended, or found its file replaced. An export
 * that joined it would be torn apart when the set's time is up.
 */
export async function isForsaken(
  { ledger, clock }: { readonly ledger: Pick<DeliveryLedger, 'files'>; readonly clock: Clock },
  districtId: string,
  { deliveryId, openedAt }: OpenSet,
): Promise<boolean> {
  if (clock.now().getTime() - Date.parse(openedAt) < FORSAKEN_MINUTES * 60_000) return false;
  return (await ledger.files(districtId, deliveryId)).length === 0;
}

/**
 * Ends a stale set as `incomplete`: it changes nothing, and the next file opens a new one. `watch` tells of it. A set into
 * which no file ever came is nothing that anybody sent: it is only put aside. `left` where someone else ended it, or just
 * added or replaced a file: whoever asks again sees.
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
  const state = files.length === 0 ? 'superseded' : 'incomplete';
  const order = orderOf(files, receivedAt, deliveryId);
  const sealed = await ledger.seal({ ...delivery, state, order, receivedAt }, files);
  return sealed === 'sealed' ? 'closed' : 'left';
}

import type { RollcallEvent } from '../../contracts/events.ts';
import { localDate } from '../../core/district/local-date.ts';
import { isDryRun } from '../../core/sync/choose-delivery.ts';
import type { Delivery } from '../../core/sync/sync.ts';
import type { DeliveryLedger } from '../../ports/ledger.ts';

/** The newest deliveries among which the event's own is looked for. One behind so many is no news any more. */
const LOOKED_AT = 20;

type Incomplete = Extract<RollcallEvent, { readonly type: 'rollcall.delivery.incomplete' }>;

/**
 * Under which name the mail about an incomplete delivery is sent once; null where it is no news. ClassLink tries a broken
 * upload again within minutes: where a newer delivery is whole by now nobody needs to do anything, and of many broken ones
 * the first of a day (the district's own) is mailed. A newer one that lacks a file it lists has an event of its own.
 */
export async function incompleteMailId(
  { ledger }: { readonly ledger: Pick<DeliveryLedger, 'list'> },
  { districtId, deliveryId }: Incomplete,
  timeZone: string,
): Promise<string | null> {
  const latest = await ledger.list(districtId, LOOKED_AT);
  const own = latest.find((each) => each.deliveryId === deliveryId);
  if (own === undefined || latest.some((each) => each.deliveryId > deliveryId && cameWhole(each))) return null;
  return `${districtId}:delivery.incomplete:${localDate(new Date(own.openedAt), timeZone)}`;
}

/** A dry run takes no export's place. */
const cameWhole = (delivery: Delivery): boolean =>
  !isDryRun(delivery) && delivery.state !== 'receiving' && delivery.state !== 'incomplete';

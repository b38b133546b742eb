import type { RollcallEvent } from '../../contracts/events.ts';
import { localDate } from '../../core/district/local-date.ts';
import { isDryRun } from '../../core/sync/choose-delivery.ts';
import type { Delivery } from '../../core/sync/sync.ts';
import { syncIdOf } from '../../core/sync/sync-id.ts';
import type { DeliveryLedger } from '../../ports/ledger.ts';

/** The newest deliveries among which the event's own is looked for. One behind so many is no news any more. */
const LOOKED_AT = 20;

type Incomplete = Extract<RollcallEvent, { readonly type: 'rollcall.delivery.incomplete' }>;

/** Under which name a mail is remembered, so that it is sent once, and whether it is about a test upload (a dry run). */
export interface MailOccasion {
  readonly mailId: string;
  readonly isTest: boolean;
}

/**
 * On which occasion an incomplete delivery is mailed; null where it is no news. ClassLink tries a broken
 * upload again within minutes: where a newer delivery is whole by now nobody needs to do anything, and of many broken ones
 * the first of a day (the district's own) is mailed. A newer one that lacks a file it lists has an event of its own.
 * Test uploads have names of their own: one that is broken takes no mail from the real export of that day.
 */
export async function incompleteOccasion(
  { ledger }: { readonly ledger: Pick<DeliveryLedger, 'list'> },
  { districtId, deliveryId }: Incomplete,
  timeZone: string,
): Promise<MailOccasion | null> {
  const latest = await ledger.list(districtId, LOOKED_AT);
  const own = latest.find((each) => each.deliveryId === deliveryId);
  if (own === undefined || latest.some((each) => each.deliveryId > deliveryId && cameWhole(each))) return null;
  const isTest = isDryRun(own);
  const day = localDate(new Date(own.openedAt), timeZone);
  return { mailId: `${districtId}:delivery.incomplete:${isTest ? 'test:' : ''}${day}`, isTest };
}

/** Whether a sync is one of a test upload, as far as the newest deliveries tell. */
export async function isTestSync(
  { ledger }: { readonly ledger: Pick<DeliveryLedger, 'list'> },
  { districtId, syncId }: { readonly districtId: string; readonly syncId: string },
): Promise<boolean> {
  const latest = await ledger.list(districtId, LOOKED_AT);
  return latest.some((each) => syncIdOf(each.deliveryId) === syncId && isDryRun(each));
}

/** A dry run takes no export's place. */
const cameWhole = (delivery: Delivery): boolean =>
  !isDryRun(delivery) && delivery.state !== 'receiving' && delivery.state !== 'incomplete';

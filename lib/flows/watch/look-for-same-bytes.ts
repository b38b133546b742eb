import { localDate as localDateOf } from '../../core/district/local-date.ts';
import type { DeliveryLedger } from '../../ports/ledger.ts';
import { recentDeliveries } from './recent-deliveries.ts';
import type { Look } from './watched-district.ts';

/** Enough to find the newest whole delivery behind open sets and dry runs; behind more, it waits until the next one. */
const LOOKED_AT = 10;

/**
 * Tells, as info, that a district has sent the same bytes on so many days (`sameBytesDays`): perhaps its export has stopped,
 * and something uploads the last file every night. Told again after as many days more. Days without a delivery neither
 * count nor interrupt.
 */
export const lookForSameBytes: Look = async ({ ledger }, { settings }, memory) => {
  const { districtId, timeZone, sameBytesDays } = settings;
  const [newest] = await recentDeliveries(ledger, districtId, LOOKED_AT);
  const before = memory.sameBytes;
  if (newest === undefined || newest.deliveryId === before?.deliveryId) return { memory, events: [] };
  const { deliveryId } = newest;
  const localDate = localDateOf(new Date(newest.receivedAt), timeZone);
  const bytes = await bytesOf(ledger, districtId, deliveryId);
  const same = before !== null && bytes !== '' && bytes === (await bytesOf(ledger, districtId, before.deliveryId));
  if (!same) return { memory: { ...memory, sameBytes: { deliveryId, localDate, days: 1, toldDays: 0 } }, events: [] };
  const days = before.days + (localDate === before.localDate ? 0 : 1);
  const tells = days - before.toldDays >= sameBytesDays;
  const toldDays = tells ? days : before.toldDays;
  return {
    memory: { ...memory, sameBytes: { deliveryId, localDate, days, toldDays } },
    events: tells ? [{ type: 'rollcall.delivery.same-bytes', districtId, deliveryId, days }] : [],
  };
};

/** Sizes and ETags of the files, whatever their names: dated names change every day. */
async function bytesOf(ledger: DeliveryLedger, districtId: string, deliveryId: string): Promise<string> {
  const files = await ledger.files(districtId, deliveryId);
  return files
    .map(({ bytes, eTag }) => `${bytes} ${eTag}`)
    .sort()
    .join('\n');
}

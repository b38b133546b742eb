import { localDate as localDateOf } from '../../core/district/local-date.ts';
import type { Delivery } from '../../core/sync/sync.ts';
import type { SyncLog } from '../../ports/ledger.ts';
import { recentDeliveries } from './recent-deliveries.ts';
import type { Look } from './watched-district.ts';

/** Enough to find the newest whole delivery behind open sets and dry runs; behind more, it waits until the next one. */
const LOOKED_AT = 10;

/**
 * Tells, as info, that a district has sent the same bytes on so many days (`sameBytesDays`): perhaps its export has stopped,
 * and something uploads the last file every night. Told again after as many days more. Days without a delivery neither
 * count nor interrupt.
 */
export const lookForSameBytes: Look = async ({ ledger, log }, { settings }, memory) => {
  const { districtId, timeZone, sameBytesDays } = settings;
  const [newest] = await recentDeliveries(ledger, districtId, LOOKED_AT);
  const before = memory.sameBytes;
  if (newest === undefined || newest.deliveryId === before?.deliveryId) return { memory, events: [] };
  const { deliveryId } = newest;
  const localDate = localDateOf(new Date(newest.receivedAt), timeZone);
  // Not planned yet: nobody knows what it says.
  const content = await contentOf(log, newest);
  if (content === null) return { memory, events: [] };
  const earlier = before && (await ledger.get(districtId, before.deliveryId));
  const same = before !== null && content !== '' && earlier !== null && content === (await contentOf(log, earlier));
  if (!same) return { memory: { ...memory, sameBytes: { deliveryId, localDate, days: 1, toldDays: 0 } }, events: [] };
  const days = before.days + (localDate === before.localDate ? 0 : 1);
  const tells = days - before.toldDays >= sameBytesDays;
  const toldDays = tells ? days : before.toldDays;
  return {
    memory: { ...memory, sameBytes: { deliveryId, localDate, days, toldDays } },
    events: tells ? [{ type: 'rollcall.delivery.same-bytes', districtId, deliveryId, days }] : [],
  };
};

/** What a delivery says, as its plan read it: an ETag says nothing of bytes that are encrypted with KMS. */
async function contentOf({ get }: Pick<SyncLog, 'get'>, { districtId, syncId }: Delivery): Promise<string | null> {
  const sync = syncId === null ? null : await get(districtId, syncId);
  return sync?.content ?? null;
}

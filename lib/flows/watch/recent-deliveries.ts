import { isDryRun } from '../../core/sync/choose-delivery.ts';
import type { Delivery } from '../../core/sync/sync.ts';
import type { DeliveryLedger } from '../../ports/ledger.ts';

/** A delivery that was whole at some time. */
export type ReceivedDelivery = Delivery & { readonly receivedAt: string };

/**
 * The newest deliveries that were whole, the one received last first; rejected ones too: they came. Dry runs are left out:
 * somebody tries something.
 *
 * @param limit how many rows are looked at, those left out included.
 */
export async function recentDeliveries(
  ledger: DeliveryLedger,
  districtId: string,
  limit: number,
): Promise<readonly ReceivedDelivery[]> {
  const whole = (await ledger.list(districtId, limit)).filter(
    (each): each is ReceivedDelivery =>
      each.receivedAt !== null && each.state !== 'receiving' && each.state !== 'incomplete' && !isDryRun(each),
  );
  return whole.sort((a, b) => (a.receivedAt > b.receivedAt ? -1 : 1));
}

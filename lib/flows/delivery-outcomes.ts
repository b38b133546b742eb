import type { Outcome } from '../core/sync/blocked-deltas.ts';
import type { DeliveryLedger, SyncLog } from '../ports/ledger.ts';

/** Settled deliveries among which a delta looks for what it builds on; those that wait behind it come on top. */
const LOOK_BACK = 400;

/**
 * What became of the district's latest deliveries (R15), newest first. A set that is open and has files counts as one that
 * never became whole for as long as it is open: it may be a delta that waits for a file (R16), and the next must not run
 * over it. `waiting`: how many deliveries wait.
 */
export async function outcomesOf(
  { ledger, log }: { readonly ledger: Pick<DeliveryLedger, 'list' | 'files'>; readonly log: Pick<SyncLog, 'get'> },
  districtId: string,
  waiting: number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const delivery of await ledger.list(districtId, LOOK_BACK + waiting)) {
    const { state } = delivery;
    if (state === 'receiving' && (await ledger.files(districtId, delivery.deliveryId)).length > 0)
      outcomes.push({ delivery, state: 'incomplete' });
    if (state === 'incomplete' || state === 'superseded') outcomes.push({ delivery, state });
    if (delivery.state !== 'planned' || delivery.syncId === null) continue;
    outcomes.push({ delivery, state: (await log.get(districtId, delivery.syncId))?.state ?? null });
  }
  return outcomes;
}

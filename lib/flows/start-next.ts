import type { DeliveryLedger, SyncLog } from '../ports/ledger.ts';
import type { Queues } from '../ports/queues.ts';

/** A busy district is asked again this often at most; after that, whoever holds the lease or `watch` goes on. */
export const MAX_ATTEMPTS = 30;

/**
 * What a worker does after it gave the lease back: an apply that began is finished first, then the next waiting delivery
 * is planned. Waiting is a row in the table, not a message (design §4), so this is safe to call at any time.
 */
export async function startNext(
  { log, ledger, queues }: { readonly log: SyncLog; readonly ledger: DeliveryLedger; readonly queues: Queues },
  districtId: string,
): Promise<void> {
  const { applyingSyncId } = await log.state(districtId);
  if (applyingSyncId !== null) {
    await queues.sendApply({ type: 'apply', districtId, syncId: applyingSyncId, hop: 0, attempt: 0 }, 0);
    return;
  }
  const waiting = await ledger.waiting(districtId);
  if (waiting.length > 0) await queues.sendPlan({ type: 'plan', districtId, attempt: 0 }, 0);
}

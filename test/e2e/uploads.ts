import { openLocalTarget } from '../../lib/cli/local-target.ts';
import { ENDED_STATES } from '../../lib/core/sync/states.ts';
import type { Delivery, Sync } from '../../lib/core/sync/sync.ts';
import { until } from './rollcall-process.ts';

/** What became of one upload: the delivery, and its sync where it got one. */
export interface Outcome {
  readonly delivery: Delivery;
  readonly sync: Sync | null;
}

/**
 * Runs `upload` against the running stack of a data folder and waits until the one delivery that it made has ended:
 * with a sync, or without one as an incomplete or superseded delivery.
 */
export async function outcomeOf(dataDir: string, districtId: string, upload: () => Promise<unknown>): Promise<Outcome> {
  const target = await openLocalTarget(dataDir, false);
  try {
    const known = new Set((await target.ledger.list(districtId, 100)).map(({ deliveryId }) => deliveryId));
    await upload();
    return await until('the delivery has ended', async () => {
      const all = await target.ledger.list(districtId, 100);
      const delivery = all.find(({ deliveryId }) => !known.has(deliveryId));
      if (delivery === undefined) return null;
      if (delivery.state === 'incomplete' || delivery.state === 'superseded') return { delivery, sync: null };
      const sync = delivery.syncId === null ? null : await target.log.get(districtId, delivery.syncId);
      return sync !== null && ENDED_STATES.includes(sync.state) && { delivery, sync };
    });
  } finally {
    await target.close();
  }
}

import type { Delivery, Sync } from '../core/sync/sync.ts';
import type { Lease } from './ledger.ts';

/** Deliveries and syncs that are older than they may be kept (R22). What is still needed, the caller knows. */
export interface ExpiredHistory {
  /** Deliveries that were opened at `cutoff` (ISO 8601) or before, oldest first, in batches. Strongly consistent. */
  deliveries(districtId: string, cutoff: string): AsyncIterable<readonly Delivery[]>;
  /** Syncs that were created at `cutoff` or before, likewise. */
  syncs(districtId: string, cutoff: string): AsyncIterable<readonly Sync[]>;
  /**
   * Deletes a delivery with the rows of its files, and with its sync if there is one; each only while its state is the one
   * that was read. False where the lease is not ours any more, or a state has changed: then both rows are there.
   */
  removeDelivery(lease: Lease, delivery: Delivery, sync: Sync | null): Promise<boolean>;
  /** Deletes a sync that has no delivery of its own, likewise. */
  removeSync(lease: Lease, sync: Sync): Promise<boolean>;
}

import type { Lease, Leases } from '../ports/ledger.ts';
import type { Queues } from '../ports/queues.ts';

/** The name under which a lease waits for the worker of an apply. */
export const handedTo = (syncId: string): string => `sync:${syncId}`;

/** Hands the lease to the apply of a sync whose state says `applying`, and asks for it. */
export async function startApply(
  ports: { readonly leases: Leases; readonly queues: Queues; readonly leaseSeconds: number },
  lease: Lease,
  syncId: string,
): Promise<void> {
  await ports.leases.handOver(lease, handedTo(syncId), ports.leaseSeconds);
  await ports.queues.sendApply({ type: 'apply', districtId: lease.districtId, syncId, hop: 0, attempt: 0 }, 0);
}

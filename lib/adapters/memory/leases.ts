import type { Clock } from '../../ports/clock.ts';
import type { Lease, Leases } from '../../ports/ledger.ts';
import type { MemoryLease, MemoryStore } from './memory-store.ts';

/** Leases over plain maps. */
export function memoryLeases(store: MemoryStore, clock: Clock): Leases {
  const after = (seconds: number) => clock.now().getTime() + seconds * 1000;
  const ours = ({ districtId, number, holder }: Lease): MemoryLease | null => {
    const row = store.leases.get(districtId);
    return row?.number === number && row.holder === holder ? row : null;
  };
  return {
    async take(districtId, holder, seconds, handedTo) {
      const row = store.leases.get(districtId);
      const free = !row || row.expiresAtMillis <= clock.now().getTime();
      const expected = handedTo !== undefined && row?.handedTo === handedTo;
      if (!free && !expected && row?.holder !== holder) return null;
      const number = free || expected ? (row?.number ?? 0) + 1 : (row?.number ?? 0);
      store.leases.set(districtId, { number, holder, expiresAtMillis: after(seconds), handedTo: null });
      return { districtId, number, holder };
    },
    async renew(lease, seconds) {
      const row = ours(lease);
      if (row) row.expiresAtMillis = after(seconds);
      return row !== null;
    },
    async handOver(lease, handedTo, seconds) {
      const row = ours(lease);
      if (row) Object.assign(row, { holder: '', handedTo, expiresAtMillis: after(seconds) });
    },
    async release(lease) {
      const row = ours(lease);
      if (row) Object.assign(row, { holder: '', handedTo: null, expiresAtMillis: 0 });
    },
    async isFree(districtId) {
      return (store.leases.get(districtId)?.expiresAtMillis ?? 0) <= clock.now().getTime();
    },
  };
}

/** Whether the row still holds the lease's number: what every write of ledger and sync log demands. */
export const stillHolds = (store: MemoryStore, lease: Lease): boolean =>
  store.leases.get(lease.districtId)?.number === lease.number;

import { partsOfSchoolRow } from '../../contracts/record-index.ts';
import type { ExpiredRecords } from '../../ports/expired-records.ts';
import type { MemoryRecord, MemoryStore } from './memory-store.ts';

/** Records in a batch of a read. */
const BATCH = 40;

const isExpired = ({ source, status, inactiveSince }: MemoryRecord, cutoff: string): boolean =>
  source === 'sis' && status === 'inactive' && inactiveSince !== null && inactiveSince <= cutoff;

/** Records whose retention time is over, over plain maps. Anchors are not kept in memory. */
export function memoryExpiredRecords(store: MemoryStore): ExpiredRecords {
  return {
    async *find(districtId, kind, cutoff) {
      const expired = [...store.synced(districtId, kind)].filter(([, record]) => isExpired(record, cutoff));
      for (let start = 0; start < expired.length; start += BATCH)
        yield expired
          .slice(start, start + BATCH)
          .map(([sourcedId, { movedTo, schoolRows }]) => ({ sourcedId, movedTo, schoolRows }));
    },
    async present(districtId, kind, sourcedIds) {
      const records = store.synced(districtId, kind);
      return new Set(sourcedIds.filter((id) => records.has(id)));
    },
    async forgetAnchors() {
      return 0;
    },
    async remove(districtId, fence, kind, records, cutoff) {
      if (store.fences.of(districtId).get(String(fence.lane)) !== fence.number) return 'fenced';
      const stored = store.synced(districtId, kind);
      let removed = 0;
      for (const { sourcedId, schoolRows } of records) {
        const record = stored.get(sourcedId);
        if (record === undefined || !isExpired(record, cutoff)) continue;
        for (const row of schoolRows) {
          const { role, orgSourcedId } = partsOfSchoolRow(row);
          store.school(districtId, orgSourcedId).delete(`${role}#${sourcedId}`);
        }
        stored.delete(sourcedId);
        removed++;
      }
      return removed;
    },
  };
}

import { isDeepStrictEqual as same } from 'node:util';
import { waitingSort } from '../../contracts/table-keys.ts';
import { bareTag, isLeftBy } from '../../core/delivery/failed-upload.ts';
import type { Delivery, DeliveryFile } from '../../core/sync/sync.ts';
import { DistrictHasLeft } from '../../ports/departures.ts';
import type { DeliveryLedger } from '../../ports/ledger.ts';
import { stillHolds } from './leases.ts';
import type { MemoryStore } from './memory-store.ts';

const sortKey = ({ order, deliveryId }: Delivery) => waitingSort(order, deliveryId);

const opened = (districtId: string, folder: string, deliveryId: string, at: string): Delivery => ({
  districtId,
  deliveryId,
  state: 'receiving',
  folder,
  packaging: 'files',
  order: '',
  hasDelta: false,
  bulkFiles: [],
  deltaFiles: [],
  openedAt: at,
  receivedAt: null,
  syncId: null,
});

/** A later version of a file name replaces an earlier one; within one second the larger fileId does. */
const isLater = (file: DeliveryFile, than: DeliveryFile): boolean =>
  file.lastModified === than.lastModified ? file.fileId > than.fileId : file.lastModified > than.lastModified;

const barKey = (folder: string, name: string, eTag: string): string => JSON.stringify([folder, name, bareTag(eTag)]);

function demandNotLeft(store: MemoryStore, districtId: string): void {
  if (store.departures.has(districtId)) throw new DistrictHasLeft('the district has left and takes no delivery');
}

/** Deliveries and their files over plain maps. */
export function memoryDeliveryLedger(store: MemoryStore): DeliveryLedger {
  const deliveries = (districtId: string) => store.deliveries.of(districtId);
  return {
    async openSet(districtId, folder, deliveryId, at) {
      demandNotLeft(store, districtId);
      const sets = store.sets.of(districtId);
      const open = sets.get(folder);
      if (open) return open;
      const own = deliveries(districtId).get(deliveryId);
      if (own) return { deliveryId, openedAt: own.openedAt };
      const set = { deliveryId, openedAt: at };
      sets.set(folder, set);
      deliveries(districtId).set(deliveryId, opened(districtId, folder, deliveryId, at));
      return set;
    },
    async openSets(districtId) {
      return [...store.sets.of(districtId)].map(([folder, set]) => ({ folder, ...set }));
    },
    async addFile(districtId, folder, deliveryId, file) {
      const files = store.files.of(districtId, deliveryId);
      const known = files.get(file.name);
      const claims = store.claims.of(districtId);
      if ((claims.get(file.fileId) ?? deliveryId) !== deliveryId) return 'elsewhere';
      if (store.sets.of(districtId).get(folder)?.deliveryId !== deliveryId)
        return known?.fileId === file.fileId ? 'known' : 'closed';
      if (known && !isLater(file, known)) return 'known';
      files.set(file.name, file);
      claims.set(file.fileId, deliveryId);
      return 'added';
    },
    async claimedBy(districtId, fileId) {
      return store.claims.of(districtId).get(fileId) ?? null;
    },
    async files(districtId, deliveryId) {
      return [...store.files.of(districtId, deliveryId).values()];
    },
    async bar(districtId, { folder, name, eTag, endedAt }) {
      demandNotLeft(store, districtId);
      const bars = store.bars.of(districtId);
      const key = barKey(folder, name, eTag);
      const known = bars.get(key);
      if (known === undefined || known < endedAt) bars.set(key, endedAt);
    },
    async barredAmong(districtId, folder, files) {
      return files.filter((file) => {
        const endedAt = store.bars.of(districtId).get(barKey(folder, file.name, file.eTag));
        return endedAt !== undefined && isLeftBy(file, endedAt);
      });
    },
    async seal(delivery, files) {
      const { districtId, folder, deliveryId } = delivery;
      const stored = deliveries(districtId).get(deliveryId);
      if (same(stored, delivery)) return 'sealed';
      if (stored?.state !== 'receiving' || store.sets.of(districtId).get(folder)?.deliveryId !== deliveryId)
        return 'already';
      const now = store.files.of(districtId, deliveryId);
      const isSame = now.size === files.length && files.every((file) => now.get(file.name)?.fileId === file.fileId);
      if (!isSame) return 'changed';
      store.sets.of(districtId).delete(folder);
      deliveries(districtId).set(deliveryId, delivery);
      return 'sealed';
    },
    async create(delivery, files) {
      const { districtId, deliveryId } = delivery;
      demandNotLeft(store, districtId);
      const stored = deliveries(districtId).get(deliveryId);
      if (stored) return same(stored, delivery) ? 'created' : 'already';
      deliveries(districtId).set(deliveryId, delivery);
      for (const file of files) store.files.of(districtId, deliveryId).set(file.name, file);
      return 'created';
    },
    async get(districtId, deliveryId) {
      return deliveries(districtId).get(deliveryId) ?? null;
    },
    async waiting(districtId) {
      return [...deliveries(districtId).values()]
        .filter(({ state }) => state === 'received')
        .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    },
    async settle(lease, delivery, state, syncId) {
      if (!stillHolds(store, lease)) return false;
      const settled = { ...delivery, state, syncId };
      const stored = deliveries(delivery.districtId).get(delivery.deliveryId);
      if (stored?.state !== 'received') return same(stored, settled);
      deliveries(delivery.districtId).set(delivery.deliveryId, settled);
      return true;
    },
    async list(districtId, limit) {
      return [...deliveries(districtId).values()]
        .sort((a, b) => (a.deliveryId > b.deliveryId ? -1 : 1))
        .slice(0, limit);
    },
  };
}

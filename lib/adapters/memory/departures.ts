import { isDeepStrictEqual as same } from 'node:util';
import type { Departures } from '../../ports/departures.ts';
import { stillHolds } from './leases.ts';
import type { MemoryStore } from './memory-store.ts';

/** Districts that have left, over plain maps. Logins and tenants are the settings themselves here. */
export function memoryDepartures(store: MemoryStore): Departures {
  return {
    async find(districtId) {
      return store.departures.get(districtId) ?? null;
    },
    async list() {
      return [...store.departures.values()].map(({ departure }) => departure);
    },
    async begin(lease, departure) {
      const { districtId, order } = departure;
      if (store.departures.get(districtId)?.departure.order.orderId === order.orderId) return 'begun';
      if (!stillHolds(store, lease)) return 'stale';
      if (store.settings.get(districtId)?.version !== order.settingsVersion) return 'changed';
      store.departures.set(districtId, { departure, version: 1 });
      store.settings.delete(districtId);
      store.states.delete(districtId);
      return 'begun';
    },
    async save(departure, expectedVersion) {
      const stored = store.departures.get(departure.districtId);
      const version = expectedVersion + 1;
      if (stored?.version === version && same(stored.departure, departure)) return 'saved';
      if (stored?.version !== expectedVersion) return 'conflict';
      store.departures.set(departure.districtId, { departure, version });
      return 'saved';
    },
  };
}

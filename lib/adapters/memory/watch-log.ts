import { NEW_WATCH_MEMORY, type WatchLog } from '../../ports/watch-log.ts';
import type { MemoryStore } from './memory-store.ts';

/** The memory of `watch` over a plain map. */
export function memoryWatchLog(store: MemoryStore): WatchLog {
  return {
    async read(districtId) {
      const { memory = NEW_WATCH_MEMORY, version = 0 } = store.watches.get(districtId) ?? {};
      return { memory, version };
    },
    async write(districtId, memory, expectedVersion, writer) {
      if (store.departures.has(districtId)) return 'conflict';
      const stored = store.watches.get(districtId);
      const version = expectedVersion + 1;
      if (stored?.version === version && stored.writer === writer) return 'written';
      if ((stored?.version ?? 0) !== expectedVersion) return 'conflict';
      store.watches.set(districtId, { memory, version, writer });
      return 'written';
    },
  };
}

import { isDeepStrictEqual } from 'node:util';
import type { Districts } from '../../ports/districts.ts';
import type { MemoryStore } from './memory-store.ts';

/** Districts over a plain map. */
export function memoryDistricts(store: MemoryStore): Districts {
  return {
    async get(districtId) {
      return store.settings.get(districtId) ?? null;
    },
    async list() {
      return [...store.settings.values()].sort((a, b) => (a.settings.districtId < b.settings.districtId ? -1 : 1));
    },
    async save(settings, expectedVersion) {
      const stored = store.settings.get(settings.districtId);
      const version = expectedVersion + 1;
      if ((stored?.version ?? 0) === expectedVersion) {
        store.settings.set(settings.districtId, { settings, version });
        return 'saved';
      }
      const already = stored?.version === version && isDeepStrictEqual(stored.settings, settings);
      return already ? 'saved' : 'conflict';
    },
  };
}

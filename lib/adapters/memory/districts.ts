import { isDeepStrictEqual } from 'node:util';
import { DistrictHasLeft } from '../../ports/departures.ts';
import type { Districts } from '../../ports/districts.ts';
import { TenantTaken } from '../../ports/sso/sign-on-store.ts';
import type { MemoryStore } from './memory-store.ts';

/** Districts over a plain map. One ClassLink tenant is one district (R20). */
export function memoryDistricts(store: MemoryStore): Districts {
  return {
    async get(districtId) {
      return store.settings.get(districtId) ?? null;
    },
    async list() {
      return [...store.settings.values()].sort((a, b) => (a.settings.districtId < b.settings.districtId ? -1 : 1));
    },
    async save(settings, expectedVersion) {
      if (store.departures.has(settings.districtId)) {
        throw new DistrictHasLeft('the district has left, and its id is not used again');
      }
      const stored = store.settings.get(settings.districtId);
      const version = expectedVersion + 1;
      if ((stored?.version ?? 0) === expectedVersion) {
        const tenant = settings.classLinkTenantId;
        const isTaken = [...store.settings.values()].some(
          (other) => other.settings.districtId !== settings.districtId && other.settings.classLinkTenantId === tenant,
        );
        if (tenant !== null && isTaken) throw new TenantTaken('another district has this ClassLink tenant');
        store.settings.set(settings.districtId, { settings, version });
        return 'saved';
      }
      const already = stored?.version === version && isDeepStrictEqual(stored.settings, settings);
      return already ? 'saved' : 'conflict';
    },
  };
}

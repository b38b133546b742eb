import type { Tenants } from '../../ports/sso/sign-on-store.ts';
import type { MemoryStore } from './memory-store.ts';

/** Which district a ClassLink tenant is, from the settings themselves. */
export const memoryTenants = (store: MemoryStore): Tenants => ({
  async districtOf(tenantId) {
    const found = [...store.settings.values()].find(({ settings }) => settings.classLinkTenantId === tenantId);
    return found?.settings.districtId ?? null;
  },
});

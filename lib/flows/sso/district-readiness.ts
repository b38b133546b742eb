import type { DistrictSettings } from '../../core/district/settings.ts';
import type { DistrictReadiness } from '../../core/sso/obstacles.ts';
import type { SsoPorts } from './sso-ports.ts';

/** What tells whether launches of a district could lead anywhere. */
export interface ReadinessPorts {
  readonly syncs: SsoPorts['syncs'];
  readonly tenants: SsoPorts['tenants'];
  /** The products of the stage. */
  readonly clients: { ofDistrict(clientId: string | null): unknown };
}

/** Reads the district's side of a launch, as far as the settings do not say it. Reads only. */
export async function readReadiness(ports: ReadinessPorts, settings: DistrictSettings): Promise<DistrictReadiness> {
  const { districtId, classLinkTenantId, suspended, sso } = settings;
  const [state, found] = await Promise.all([
    ports.syncs.state(districtId),
    classLinkTenantId === null ? null : ports.tenants.districtOf(classLinkTenantId),
  ]);
  return {
    ...{ suspended, sso, rostered: state.lastApplied !== null },
    hasTenant: found === districtId,
    hasProduct: ports.clients.ofDistrict(sso.clientId) !== null,
  };
}

import type { DistrictSettings } from '../core/district/settings.ts';

/** Settings with the version that an edit must still find (optimistic lock). */
export interface VersionedSettings {
  readonly settings: DistrictSettings;
  readonly version: number;
}

/** The districts that we know. */
export interface Districts {
  get(districtId: string): Promise<VersionedSettings | null>;
  list(): Promise<readonly VersionedSettings[]>;
  /**
   * Writes if the stored version is `expectedVersion` (0: must not exist). `conflict` where someone else wrote.
   * Failures, nothing is written: `TenantTaken`, where another district has the ClassLink tenant (R20);
   * `DistrictHasLeft`, where a district of this id was off-boarded (R22).
   */
  save(settings: DistrictSettings, expectedVersion: number): Promise<'saved' | 'conflict'>;
}

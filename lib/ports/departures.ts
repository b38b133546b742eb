import type { Departure } from '../core/district/departure.ts';
import { Failure } from './failure.ts';
import type { Lease } from './ledger.ts';

/** The district has left, and its id is never used again (R22). Nothing was written. */
export class DistrictHasLeft extends Failure {
  override readonly name = 'DistrictHasLeft';
  readonly code = 'district-has-left';
  readonly retryable = false;
}

/** A departure with the version that a change must still find. */
export interface VersionedDeparture {
  readonly departure: Departure;
  readonly version: number;
}

/** Districts that have left: a tombstone each, which stays for good. */
export interface Departures {
  /** Null where the district has not left. Strongly consistent. */
  find(districtId: string): Promise<VersionedDeparture | null>;
  /** All of them. One of the last moment may be missing. */
  list(): Promise<readonly Departure[]>;
  /**
   * The moment in which a district leaves, in one step: its tombstone comes; settings, running state, entry in the list
   * of districts, ClassLink tenant and SFTP login go. `changed`: its settings are not at `settingsVersion` (or gone).
   * `stale`: the lease has a newer holder. `begun` also where this very order had already done it.
   */
  begin(lease: Lease, departure: Departure): Promise<'begun' | 'changed' | 'stale'>;
  /** Writes what has become of it, if the stored version is `expectedVersion`. */
  save(departure: Departure, expectedVersion: number): Promise<'saved' | 'conflict'>;
}

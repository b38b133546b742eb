import type { ShelfLives } from '../../core/district/departure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Departures } from '../../ports/departures.ts';
import type { DistrictRows } from '../../ports/district-rows.ts';
import type { Districts } from '../../ports/districts.ts';
import type { Leases } from '../../ports/ledger.ts';
import type { PurgeQueue } from '../../ports/queues.ts';
import type { RosterTable } from '../../ports/roster-table.ts';
import type { StoredVersions } from '../../ports/stored-versions.ts';

/** What off-boarding works with. */
export interface OffboardPorts {
  readonly clock: Clock;
  readonly districts: Districts;
  readonly leases: Leases;
  readonly roster: Pick<RosterTable, 'raiseFences'>;
  readonly departures: Departures;
  readonly rows: DistrictRows;
  readonly landingVersions: StoredVersions;
  readonly archiveVersions: StoredVersions;
  readonly purges: PurgeQueue;
  readonly leaseSeconds: number;
  readonly shelfLives: ShelfLives;
}

/** How much of the function's time must be left to begin another batch, milliseconds: the longest retry of one call. */
export const PURGE_RESERVE = 60_000;

import type { Sync } from '../../core/sync/sync.ts';
import type { WatchMemory } from '../../ports/watch-log.ts';
import { findMissing } from './look-for-late.ts';
import type { WatchedDistrict, WatchPorts } from './watched-district.ts';

/** What is so with a district at the moment of the watch, whatever was told of it before. */
export interface DistrictGauge {
  /** Plans that wait for a person (R11). */
  readonly held: number;
  /** An expected delivery is missing (R17). */
  readonly late: boolean;
  /** Its last sync ended with a defect of ours. */
  readonly failed: boolean;
  /** No sync showed for `STALE_DAYS` that the roster equals an export; also where none ever did. */
  readonly stale: boolean;
  /** When one last did, ISO 8601; null: never, or behind more than `LOOKED_AT` later syncs. */
  readonly syncedAt: string | null;
}

/** A week: a district with one day a week has one in it, and a weekend or some holidays make nobody stale. */
export const STALE_DAYS = 7;

const DAY_MILLIS = 86_400_000;

/** Syncs behind which the last good one is looked for: one a day and some retries. The last apply is known without it. */
const LOOKED_AT = 15;

/**
 * Reads what the dashboard says of a district now: nothing is told or remembered. Of a suspended one nothing is expected,
 * so it is neither late nor stale.
 */
export async function gaugeDistrict(
  ports: Pick<WatchPorts, 'log' | 'ledger'>,
  district: WatchedDistrict,
  memory: WatchMemory,
): Promise<DistrictGauge> {
  const { log } = ports;
  const { districtId, suspended } = district.settings;
  const { heldSyncIds = [], lastApplied } = await log.state(districtId);
  const held = await Promise.all(heldSyncIds.map((syncId) => log.get(districtId, syncId)));
  const syncs = await log.list(districtId, LOOKED_AT);
  const syncedAt = latest([lastApplied?.appliedAt ?? null, ...syncs.filter(isGood).map(({ endedAt }) => endedAt)]);
  const since = new Date(district.now.getTime() - STALE_DAYS * DAY_MILLIS).toISOString();
  return {
    held: held.filter((sync) => sync?.state === 'held').length,
    late: (await findMissing(ports, district, memory)) !== null,
    failed: syncs[0]?.state === 'failed',
    stale: !suspended && (syncedAt === null || syncedAt < since),
    syncedAt,
  };
}

/** Whether something of it is for a person to look at. */
export const needsEyes = ({ held, late, failed, stale }: DistrictGauge): boolean => held > 0 || late || failed || stale;

const isGood = ({ state }: Sync): boolean => state === 'applied' || state === 'unchanged';

const latest = (times: readonly (string | null)[]): string | null =>
  times.reduce((last, time) => (time !== null && (last === null || time > last) ? time : last), null);

import type { RollcallEvent } from '../../contracts/events.ts';
import { isoWeekOf } from '../../core/district/iso-week.ts';
import { localDate } from '../../core/district/local-date.ts';
import { addDays, instantOf } from '../../core/district/local-time.ts';
import { isDryRun } from '../../core/sync/choose-delivery.ts';
import type { Sync } from '../../core/sync/sync.ts';
import type { Look } from './watched-district.ts';

/** When a new week is told about the last one, in the district's own time: people read it at the start of work. */
const TOLD_AT = '06:00';

/** Syncs of a week that are counted at most. */
const LOOKED_AT = 400;

/**
 * Tells a district that wants it how its last week went: once for each ISO week. The first week that is seen is not told.
 * Dry runs are none of its exports.
 */
export const lookForWeek: Look = async ({ log, ledger }, { settings, now }, memory) => {
  const { districtId, timeZone, weeklySummary } = settings;
  if (!weeklySummary) return { memory: { ...memory, toldWeek: null }, events: [] };
  const { week, monday } = isoWeekOf(localDate(now, timeZone));
  if (memory.toldWeek === null) return { memory: { ...memory, toldWeek: week }, events: [] };
  if (memory.toldWeek === week || now < instantOf(monday, TOLD_AT, timeZone)) return { memory, events: [] };
  const lastMonday = addDays(monday, -7);
  const from = instantOf(lastMonday, '00:00', timeZone).toISOString();
  const until = instantOf(monday, '00:00', timeZone).toISOString();
  const isOfTheWeek = (at: string) => from <= at && at < until;
  const deliveries = await ledger.list(districtId, LOOKED_AT);
  const dryRuns = new Set(deliveries.filter(isDryRun).map(({ deliveryId }) => deliveryId));
  const syncs = (await log.list(districtId, LOOKED_AT)).filter(
    ({ createdAt, deliveryId }) => isOfTheWeek(createdAt) && !dryRuns.has(deliveryId),
  );
  // What never became whole has no sync.
  const broken = deliveries.filter(
    (each) => each.state === 'incomplete' && isOfTheWeek(each.openedAt) && !isDryRun(each),
  );
  const event: RollcallEvent = {
    type: 'rollcall.district.weekly',
    districtId,
    week: isoWeekOf(lastMonday).week,
    syncs: countsOf(syncs, broken.length),
    changed: changedBy(syncs),
  };
  return { memory: { ...memory, toldWeek: week }, events: [event] };
};

type Weekly = Extract<RollcallEvent, { readonly type: 'rollcall.district.weekly' }>;

function countsOf(syncs: readonly Sync[], broken: number): Weekly['syncs'] {
  const of = (...states: readonly Sync['state'][]) => syncs.filter(({ state }) => states.includes(state)).length;
  return {
    applied: of('applied', 'undone'),
    unchanged: of('unchanged'),
    held: of('held'),
    rejected: of('rejected'),
    incomplete: of('incomplete') + broken,
    failed: of('failed'),
  };
}

function changedBy(syncs: readonly Sync[]): Weekly['changed'] {
  const sum = { add: 0, update: 0, deactivate: 0, reactivate: 0 };
  for (const { state, changes } of syncs) {
    if (state !== 'applied') continue;
    for (const counts of Object.values(changes)) {
      sum.add += counts.add;
      sum.update += counts.update;
      sum.deactivate += counts.deactivate;
      sum.reactivate += counts.reactivate;
    }
  }
  return sum;
}

import { type DistrictGauge, needsEyes } from '../../lib/flows/watch/gauge-district.ts';
import type { WatchPorts } from '../../lib/flows/watch/watched-district.ts';
import { watchDistricts } from '../../lib/flows/watch-districts.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { wireWatch } from './wire.ts';

/** What the function works with. */
export type WatchHandlerPorts = WatchPorts & { readonly logger: Logger };

interface Invocation {
  readonly awsRequestId: string;
}

/** Some districts could not be looked at; all others were. The call fails so that it is counted, not so that it is repeated. */
export class WatchFailed extends Error {
  override readonly name = 'WatchFailed';
  readonly code = 'watch-failed';
}

/** How many districts are so now: these numbers are metrics. */
function countGauges(gauges: readonly DistrictGauge[]) {
  const count = (is: (gauge: DistrictGauge) => boolean) => gauges.filter(is).length;
  return {
    heldNow: count(({ held }) => held > 0),
    lateNow: count(({ late }) => late),
    failedNow: count(({ failed }) => failed),
    staleNow: count(({ stale }) => stale),
  };
}

/**
 * Every 15 minutes: looks after every district. What the schedule says about itself does not matter. Which districts need
 * somebody's eyes is in lines of their own (R22: our own ids), as a metric has room for their number only.
 */
export const makeWatchHandler =
  (ports: WatchHandlerPorts) =>
  async (_event: unknown, { awsRequestId }: Invocation): Promise<void> => {
    const { failures, gauges, ...counts } = await watchDistricts(ports, awsRequestId);
    for (const { districtId, thrown } of failures) ports.logger.error('watch', thrown, { districtId });
    for (const [districtId, gauge] of gauges) {
      if (needsEyes(gauge)) ports.logger.info('watch-district', { outcome: 'needs-eyes', districtId, ...gauge });
    }
    const outcome = failures.length === 0 ? 'done' : 'failed';
    ports.logger.info('watch', { outcome, ...counts, ...countGauges([...gauges.values()]) });
    if (failures.length > 0) throw new WatchFailed(`${failures.length} looks at districts failed`);
  };

let wired: ReturnType<typeof makeWatchHandler> | undefined;

/** Lambda entry. */
export const handler = (event: unknown, context: Invocation): Promise<void> => {
  wired ??= makeWatchHandler(wireWatch(process.env));
  return wired(event, context);
};

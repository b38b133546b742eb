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

/** Every 15 minutes: looks after every district. What the schedule says about itself does not matter. */
export const makeWatchHandler =
  (ports: WatchHandlerPorts) =>
  async (_event: unknown, { awsRequestId }: Invocation): Promise<void> => {
    const { failures, ...counts } = await watchDistricts(ports, awsRequestId);
    for (const { districtId, thrown } of failures) ports.logger.error('watch', thrown, { districtId });
    ports.logger.info('watch', { outcome: failures.length === 0 ? 'done' : 'failed', ...counts });
    if (failures.length > 0) throw new WatchFailed(`${failures.length} looks at districts failed`);
  };

let wired: ReturnType<typeof makeWatchHandler> | undefined;

/** Lambda entry. */
export const handler = (event: unknown, context: Invocation): Promise<void> => {
  wired ??= makeWatchHandler(wireWatch(process.env));
  return wired(event, context);
};

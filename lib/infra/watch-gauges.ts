import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Oversight } from './oversight.ts';

/** Metrics of how many districts are so now, by the field of the watch's line (lambdas/watch/handler.ts). */
export const DISTRICT_GAUGES = {
  districts: 'Districts',
  staleNow: 'DistrictsStaleNow',
  lateNow: 'DistrictsLateNow',
  heldNow: 'DistrictsHeldNow',
  failedNow: 'DistrictsFailedNow',
} as const;

/** Makes metrics of the numbers that each watch ends with. Numbers only: which districts they are is in the log (R22). */
export function gaugeDistricts(scope: Construct, oversight: Oversight, log: LogGroup): void {
  const here = new Construct(scope, 'gauges');
  for (const [field, metric] of Object.entries(DISTRICT_GAUGES)) {
    oversight.takeNumber(here, metric, log, `{ $.message = "watch" && $.${field} = * }`, `$.${field}`);
  }
}

import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WATCH_ENVIRONMENT } from '../contracts/watch-environment.ts';
import type { FoundationStack } from './foundation-stack.ts';
import type { IngestStack } from './ingest-stack.ts';
import { RollcallFunction } from './rollcall-function.ts';
import { ScheduledRun } from './scheduled-run.ts';
import type { StageSettings } from './stage-settings.ts';

/**
 * It waits for the table nearly all of its time. 300 s are 1,000 districts at eight side by side and 2 s each; what it does
 * not reach, or another watch does at the same time, is looked at in the next quarter of an hour.
 */
const WATCH_SIZE = { memoryMegabytes: 512, timeoutSeconds: 300, scratchMegabytes: 512 };

/** Who looks after everything else: late districts, stuck work, old holds (design §4, watch). */
export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, settings: StageSettings, foundation: FoundationStack, ingest: IngestStack) {
    super(scope, id, { env: { account: settings.account, region: settings.region } });
    const watch = new RollcallFunction(this, 'watch', {
      spec: WATCH_ENVIRONMENT,
      uses: {
        TABLE_NAME: foundation.table.toReadAndWrite(),
        PLANS_QUEUE_URL: ingest.plans.toSend(),
        APPLIES_QUEUE_URL: ingest.applies.toSend(),
      },
      size: WATCH_SIZE,
      logDays: settings.logDays,
    });
    new ScheduledRun(this, 'EveryQuarter', { lambda: watch.lambda, every: Duration.minutes(15) });
  }
}

import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PURGE_ENVIRONMENT } from '../contracts/purge-environment.ts';
import { fixed, ownRoleId } from './binding.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { RollcallFunction } from './rollcall-function.ts';
import { ScheduledRun } from './scheduled-run.ts';
import { WorkQueue } from './work-queue.ts';

interface PurgerProps {
  readonly foundation: FoundationStack;
  readonly recordDays: number;
  readonly historyDays: number;
  readonly logDays: number;
}

/** It deletes a part and sends itself the rest. */
const SIZE = { memoryMegabytes: 1769, timeoutSeconds: 300, scratchMegabytes: 512 };

/** Two at once are all that an event source can be held to, and enough: nobody waits for a deletion. */
const AT_ONCE = 2;

/** Keeps the retention times and deletes districts that have left (R22). Nothing else may delete in bulk. */
export class Purger extends Construct {
  readonly purges: WorkQueue;
  readonly purge: RollcallFunction<typeof PURGE_ENVIRONMENT>;

  constructor(scope: Construct, id: string, { foundation, recordDays, historyDays, logDays }: PurgerProps) {
    super(scope, id);
    const { oversight, table, landing, archive } = foundation;
    this.purges = new WorkQueue(this, 'Purges', {
      workerTimeoutSeconds: SIZE.timeoutSeconds,
      encryption: 'aws',
      oversight,
    });
    this.purge = new RollcallFunction(this, 'purge', {
      spec: PURGE_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toPurge(),
        LANDING_BUCKET: landing.toPurge(),
        ARCHIVE_BUCKET: archive.toPurge(),
        PURGES_QUEUE_URL: this.purges.toSend(),
        OWN_ROLE_ID: ownRoleId(),
        RECORD_DAYS: fixed(String(recordDays)),
        HISTORY_DAYS: fixed(String(historyDays)),
        LOG_DAYS: fixed(String(logDays)),
      },
      size: SIZE,
      oversight,
      sendsToItself: true,
    }).worksOff(this.purges, AT_ONCE);
    new ScheduledRun(this, 'EveryDay', {
      lambda: this.purge.lambda,
      every: Duration.days(1),
      keptFor: Duration.hours(6),
    });
    const nights = oversight.countLines(
      this,
      'PurgeNights',
      this.purge.log,
      '{ $.message = "purge" && $.outcome = "asked" }',
    );
    oversight.alarm(this, 'NotRunning', {
      heading: 'The purge does not run',
      // 30 hours: a day, and the 6 hours that a call may be late.
      metric: nights.with({ period: Duration.hours(6) }),
      threshold: 1,
      below: true,
      periods: 5,
      silenceIsBad: true,
    });
  }
}

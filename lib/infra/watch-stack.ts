import { Duration, Stack } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type StageNames, stageNamesParameter } from '../contracts/stage-names.ts';
import { WATCH_ENVIRONMENT } from '../contracts/watch-environment.ts';
import { addDashboard } from './dashboard.ts';
import type { FoundationStack } from './foundation-stack.ts';
import type { IngestStack } from './ingest-stack.ts';
import { Notifier } from './notifier.ts';
import type { Oversight } from './oversight.ts';
import { People } from './people.ts';
import { Purger } from './purger.ts';
import { RollcallFunction } from './rollcall-function.ts';
import { ScheduledRun } from './scheduled-run.ts';
import type { SsoStack } from './sso-stack.ts';
import type { StageSettings } from './stage-settings.ts';
import { gaugeDistricts } from './watch-gauges.ts';
import { countSyncs, SYNC_METRICS } from './watch-syncs.ts';
import type { WorkQueue } from './work-queue.ts';

/**
 * It waits for the table nearly all of its time. 300 s are 1,000 districts at eight side by side and 2 s each; what it does
 * not reach, or another watch does at the same time, is looked at in the next quarter of an hour.
 */
const WATCH_SIZE = { memoryMegabytes: 512, timeoutSeconds: 300, scratchMegabytes: 512 };

/** What it looks after. */
export interface Stacks {
  readonly foundation: FoundationStack;
  readonly ingest: IngestStack;
  readonly sso: SsoStack;
}

/**
 * Who looks after everything else: late districts, stuck work, old holds (design §4, watch), mails, retention, and what
 * people need: the names of the stage, their roles, the dashboard.
 */
export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, settings: StageSettings, stacks: Stacks) {
    super(scope, id, { env: { account: settings.account, region: settings.region } });
    const { foundation, ingest, sso } = stacks;
    const { oversight } = foundation;
    const watch = new RollcallFunction(this, 'watch', {
      spec: WATCH_ENVIRONMENT,
      uses: {
        TABLE_NAME: foundation.table.toReadAndAdd(),
        UPLOADS_QUEUE_URL: foundation.uploads.toSend(),
        PLANS_QUEUE_URL: ingest.plans.toSend(),
        APPLIES_QUEUE_URL: ingest.applies.toSend(),
        EVENT_BUS_NAME: foundation.bus.toTell(),
      },
      size: WATCH_SIZE,
      oversight,
      reservedConcurrency: settings.watchAtOnce,
    });
    new ScheduledRun(this, 'EveryQuarter', { lambda: watch.lambda, every: Duration.minutes(15) });
    this.watchTheWatch(oversight, watch);

    const { notifications, notify } = new Notifier(this, 'Mails', {
      bus: foundation.bus.bus,
      table: foundation.table,
      oversight,
      mail: foundation.mail,
      support: settings.support,
    });
    const { recordDays, historyDays, logDays } = settings;
    const { purges, purge } = new Purger(this, 'Retention', { foundation, recordDays, historyDays, logDays });

    const { plans, applies } = ingest;
    const queues = { uploads: foundation.uploads, plans, applies, notifications, purges };
    const names = new StringParameter(this, 'Names', {
      parameterName: stageNamesParameter(settings.stage),
      description: 'What the parts of this stage are called, for rollcall --stage',
      stringValue: this.toJsonString(stageNames(settings, stacks, queues)),
    });
    new People(this, 'People', { stage: settings.stage, foundation, names, queues, signOnSecret: sso.secret });
    const [receive, plan, apply] = ingest.functions;
    const { auth, serverId } = foundation.door;
    addDashboard(this, {
      name: `rollcall-${settings.stage}`,
      region: settings.region,
      runbookUrl: settings.runbookUrl,
      oversight,
      functions: { 'sftp-auth': auth, receive, plan, apply, watch, notify, purge, sso: sso.sso },
      queues,
      eventLogs: [plan.log, apply.log, watch.log],
      watchLog: watch.log,
      table: foundation.table,
      transferServerId: serverId,
      api: sso.api.api,
    });
  }

  private watchTheWatch(oversight: Oversight, { log }: RollcallFunction<typeof WATCH_ENVIRONMENT>): void {
    countSyncs(this, oversight, 'watch', log);
    gaugeDistricts(this, oversight, log);
    oversight.alarm(this, 'Late', {
      heading: 'A district is late',
      metric: oversight.metric(SYNC_METRICS.late),
      threshold: 1,
    });
    const runs = oversight.countLines(this, 'WatchRuns', log, '{ $.message = "watch" && $.outcome = "done" }');
    oversight.alarm(this, 'NotRunning', {
      heading: 'The watch does not run',
      metric: runs.with({ period: Duration.minutes(15) }) as IMetric,
      threshold: 1,
      below: true,
      periods: 3,
      silenceIsBad: true,
    });
    oversight.alarm(this, 'KmsQuota', {
      heading: 'KMS is near its quota',
      metric: new MathExpression({
        expression: '100 * calls / SERVICE_QUOTA(calls)',
        usingMetrics: { calls: KMS_CALLS as IMetric },
        period: Duration.minutes(1),
      }),
      threshold: 80,
      periods: 5,
    });
  }
}

/** Calls that share the quota of symmetric keys, the whole account's (CloudWatch usage metrics). */
const KMS_CALLS = new Metric({
  namespace: 'AWS/Usage',
  metricName: 'CallCount',
  dimensionsMap: { Service: 'KMS', Type: 'API', Resource: 'CryptographicOperationsSymmetric', Class: 'None' },
  statistic: 'Sum',
  period: Duration.minutes(1),
});

function stageNames(
  settings: StageSettings,
  { foundation, sso }: Stacks,
  queues: Readonly<Record<keyof StageNames['queues'], WorkQueue>>,
): StageNames {
  const named = ({ queue, deadLetters }: WorkQueue) => ({
    url: queue.queueUrl,
    arn: queue.queueArn,
    deadUrl: deadLetters.queueUrl,
    deadArn: deadLetters.queueArn,
  });
  return {
    stage: settings.stage,
    region: settings.region,
    table: foundation.table.table.tableName,
    landingBucket: foundation.landing.toName().value,
    archiveBucket: foundation.archive.toLookUp().value,
    queues: {
      uploads: named(queues.uploads),
      plans: named(queues.plans),
      applies: named(queues.applies),
      notifications: named(queues.notifications),
      purges: named(queues.purges),
    },
    bus: foundation.bus.bus.eventBusName,
    transferServerId: foundation.door.serverId,
    sftpHost: foundation.door.hostName,
    sftpAddresses: foundation.door.addresses,
    hostKeysSecret: foundation.hostKeys.toRead().value,
    signOnSecret: sso.secret.toRead().value,
    signOnUrl: sso.api.issuer,
    productClientIds: settings.sso.products.map(({ clientId }) => clientId),
    support: settings.support,
  };
}

import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarm,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, type ILogGroup, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { encryptionKey } from './encryption-key.ts';
import { KEPT } from './kept.ts';
import { type RunbookHeading, runbookLink } from './runbook.ts';
import type { StageSettings } from './stage-settings.ts';

/** What makes an alarm go off. */
export interface Watched {
  /** Which heading of the runbook says what to do. */
  readonly heading: RunbookHeading;
  readonly metric: IMetric;
  /** From this value on. With `below`: under it. */
  readonly threshold: number;
  readonly below?: boolean;
  /** So many periods of the metric in a row. 1 by default. */
  readonly periods?: number;
  /** No data is as bad as a bad value: for what must show that it lives. */
  readonly silenceIsBad?: boolean;
}

/**
 * What every part is looked after with: a log that is encrypted and forgotten after the days of the stage, and alarms that
 * tell people by one topic. It is in `foundation`, so that an alarm can stand beside whatever it watches.
 */
export class Oversight extends Construct {
  /** Where metrics from logs are. */
  readonly namespace: string;
  /** All that there are, so far. */
  readonly alarms: IAlarm[] = [];
  private readonly settings: StageSettings;
  private readonly key: Key;
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.settings = settings;
    this.namespace = `Rollcall/${settings.stage}`;
    this.key = encryptionKey(this, 'logs and alarms');
    const { region, account } = Stack.of(this);
    const groups = `arn:aws:logs:${region}:${account}:log-group:*`;
    this.key.grantEncryptDecrypt(
      new ServicePrincipal(`logs.${region}.amazonaws.com`, {
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
      }),
    );
    // An alarm cannot publish to a topic whose key does not know CloudWatch.
    this.key.grantEncryptDecrypt(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    this.topic = new Topic(this, 'Alarms', {
      displayName: `Rollcall ${settings.stage}`,
      masterKey: this.key,
      enforceSSL: true,
    });
    for (const address of settings.alarms.emails) this.topic.addSubscription(new EmailSubscription(address));
  }

  /** A log group. It outlives its stack, and its lines go after so many days: those of the stage, if nothing else is said. */
  logGroup(scope: Construct, id: string, days: RetentionDays = this.settings.logDays): LogGroup {
    return new LogGroup(scope, id, {
      retention: days,
      encryptionKey: this.key,
      removalPolicy: KEPT,
    });
  }

  /** Counts the lines of a log that fit (CloudWatch's pattern for JSON), five minutes at a time. */
  countLines(scope: Construct, metricName: string, log: ILogGroup, pattern: string): Metric {
    new MetricFilter(scope, `${metricName}Lines`, {
      logGroup: log,
      filterPattern: FilterPattern.literal(pattern),
      metricNamespace: this.namespace,
      metricName,
      metricValue: '1',
      defaultValue: 0,
    });
    return this.metric(metricName);
  }

  /** Takes a number from the lines of a log that fit. `field` names it, `$.count` for instance: never one that names anybody. */
  takeNumber(scope: Construct, metricName: string, log: ILogGroup, pattern: string, field: string): void {
    new MetricFilter(scope, `${metricName}Lines`, {
      logGroup: log,
      filterPattern: FilterPattern.literal(pattern),
      metricNamespace: this.namespace,
      metricName,
      metricValue: field,
    });
  }

  /** A metric that `countLines` or `takeNumber` made, here or in another stack. */
  metric(metricName: string): Metric {
    return new Metric({ namespace: this.namespace, metricName, statistic: 'Sum', period: Duration.minutes(5) });
  }

  /** An alarm, told when it begins and when it is over. */
  alarm(scope: Construct, id: string, watched: Watched): IAlarm {
    const { heading, metric, threshold, below = false, periods = 1, silenceIsBad = false } = watched;
    const alarm = new Alarm(scope, id, {
      // A Metric is an IMetric; the library's types are not written for exactOptionalPropertyTypes.
      metric: metric as AlarmProps['metric'],
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `${heading}. What to do: ${runbookLink(heading, this.settings.runbookUrl)}`,
    });
    const tell = new SnsAction(this.topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
    this.alarms.push(alarm);
    return alarm;
  }
}

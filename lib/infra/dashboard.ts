import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AlarmStatusWidget,
  type AlarmStatusWidgetProps,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  Metric,
  type MetricProps,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvSpec } from '../contracts/environment.ts';
import type { Oversight } from './oversight.ts';
import type { RollcallFunction } from './rollcall-function.ts';
import type { StateTable } from './state-table.ts';
import { DISTRICT_GAUGES } from './watch-gauges.ts';
import { COUNTED_EVENTS, SYNC_METRICS } from './watch-syncs.ts';
import type { WorkQueue } from './work-queue.ts';

/** What the dashboard shows. */
export interface DashboardParts {
  readonly name: string;
  readonly region: string;
  readonly runbookUrl: string;
  readonly oversight: Oversight;
  /** By name, all of them. */
  readonly functions: Readonly<Record<string, RollcallFunction<EnvSpec>>>;
  readonly queues: Readonly<Record<string, WorkQueue>>;
  /** Logs that events are written into (adapters/events). */
  readonly eventLogs: readonly LogGroup[];
  readonly watchLog: LogGroup;
  readonly table: StateTable;
  readonly transferServerId: string;
  readonly api: HttpApi;
}

const PERIOD = Duration.minutes(5);
const HALF = 12;
const THIRD = 8;

/**
 * One page that answers five questions: is every district fresh, what is held, what failed, do launches work, what does it
 * cost. Numbers are metrics; which districts they are is read from the logs, by our own ids (R22).
 */
export function addDashboard(scope: Construct, parts: DashboardParts): void {
  new Dashboard(scope, 'Dashboard', {
    dashboardName: parts.name,
    widgets: [freshness(parts), districts(parts), health(parts), work(parts), launches(parts), cost(parts)],
  });
}

function freshness({ oversight, runbookUrl }: DashboardParts): IWidget[] {
  // The watch says them every quarter of an hour; the last one counts.
  const now = (metricName: string) =>
    oversight.metric(metricName).with({ period: Duration.minutes(15), statistic: 'Maximum' });
  const value = (title: string, ...metrics: Metric[]) =>
    new SingleValueWidget({ title, metrics: metrics as IMetric[], width: 5, height: 4 });
  return [
    value(
      'Is every district fresh? Late now, no sync for a week',
      now(DISTRICT_GAUGES.lateNow),
      now(DISTRICT_GAUGES.staleNow),
    ),
    value('What is held? Districts now', now(DISTRICT_GAUGES.heldNow)),
    value('What failed? Districts whose last sync did', now(DISTRICT_GAUGES.failedNow)),
    value('Districts', now(DISTRICT_GAUGES.districts)),
    new TextWidget({ markdown: `What to do about an alarm: [runbook](${runbookUrl})`, width: 4, height: 4 }),
  ];
}

function districts({ watchLog, eventLogs }: DashboardParts): IWidget[] {
  const query = (title: string, logs: readonly LogGroup[], queryLines: string[]) =>
    new LogQueryWidget({
      ...{ title, queryLines, width: HALF, height: 8, view: LogQueryVisualizationType.TABLE },
      logGroupNames: logs.map(({ logGroupName }) => logGroupName),
    });
  const latest = ['late', 'held', 'failed', 'stale', 'syncedAt'].map((field) => `latest(${field}) as ${field}_`);
  return [
    query(
      'Districts to look at, by id (seen: the last watch that found it so)',
      [watchLog],
      [
        'filter message = "watch-district"',
        `stats max(@timestamp) as seen, ${latest.join(', ')} by districtId`,
        'sort seen desc',
        'limit 100',
      ],
    ),
    query('What was held, rejected, incomplete, blocked, late or failed', eventLogs, [
      'fields @timestamp, message, districtId, syncId, deliveryId, code, waitingDays',
      `filter message in ${JSON.stringify(LOOKED_AT_EVENTS)}`,
      'sort @timestamp desc',
      'limit 100',
    ]),
  ];
}

/** Events that somebody may have to look into. */
const LOOKED_AT_EVENTS = Object.entries(COUNTED_EVENTS).flatMap(([outcome, event]) =>
  outcome === 'applied' ? [] : [event],
);

function health({ oversight, functions }: DashboardParts): IWidget[] {
  const alarms = [...oversight.alarms] as AlarmStatusWidgetProps['alarms'];
  return [
    new AlarmStatusWidget({ title: 'Alarms', alarms, width: HALF, height: 8 }),
    graph('Errors of functions', HALF, {
      left: eachOf(functions, ({ lambda }, label) => lambda.metricErrors({ label, period: PERIOD })),
    }),
  ];
}

function work({ oversight, queues }: DashboardParts): IWidget[] {
  const day = (metricName: string) => oversight.metric(metricName).with({ period: Duration.days(1) });
  return [
    graph('Age of the oldest message, seconds', THIRD, {
      left: eachOf(queues, ({ queue }, label) => queue.metricApproximateAgeOfOldestMessage({ label, period: PERIOD })),
    }),
    graph('Dead letters', THIRD, {
      left: eachOf(queues, ({ deadLetters }, label) =>
        deadLetters.metricApproximateNumberOfMessagesVisible({ label, period: PERIOD }),
      ),
    }),
    graph('What became of syncs, a day each (UTC)', THIRD, { left: Object.values(SYNC_METRICS).map(day) }),
  ];
}

function launches({ oversight, functions, api }: DashboardParts): IWidget[] {
  const { sso } = functions;
  const p95 = sso ? [sso.lambda.metricDuration({ period: PERIOD, statistic: 'p95', label: 'p95 of a call, ms' })] : [];
  return [
    graph('Do launches work?', HALF, {
      left: ['LaunchesDone', 'LaunchesDenied'].map((name) => oversight.metric(name)),
    }),
    graph('Errors of the sign-on (5xx), and how long a call takes', HALF, {
      left: [api.metricServerError({ period: PERIOD, statistic: 'Sum', label: '5xx' })],
      right: p95,
    }),
  ];
}

function cost({ functions, table, transferServerId, region }: DashboardParts): IWidget[] {
  const bytes = (metricName: string) =>
    new Metric({
      ...{ namespace: 'AWS/Transfer', metricName, statistic: 'Sum', period: Duration.hours(1) },
      dimensionsMap: { ServerId: transferServerId },
    } satisfies MetricProps);
  const hour = { statistic: 'Sum', period: Duration.hours(1) };
  return [
    graph('What does it cost? Time of functions, ms an hour', THIRD, {
      left: eachOf(functions, ({ lambda }, label) => lambda.metricDuration({ ...hour, label })),
    }),
    graph('Units of the table, an hour', THIRD, { left: table.consumedUnits(Duration.hours(1)) }),
    graph('Bytes over SFTP, an hour', region === BILLING_REGION ? 4 : THIRD, {
      left: ['BytesIn', 'BytesOut'].map(bytes),
    }),
    // There is nothing to see before somebody switches billing alerts on (docs/operations.md), and only in one Region.
    ...(region === BILLING_REGION ? [charges()] : []),
  ];
}

/** AWS counts what an account owes in this Region only. */
const BILLING_REGION = 'us-east-1';

const charges = () =>
  new SingleValueWidget({
    title: 'Charges of the account this month, USD',
    width: 4,
    height: 6,
    metrics: [
      new Metric({
        ...{
          namespace: 'AWS/Billing',
          metricName: 'EstimatedCharges',
          statistic: 'Maximum',
          period: Duration.hours(6),
        },
        dimensionsMap: { Currency: 'USD' },
      }) as IMetric,
    ],
  });

type Lines = { readonly left: readonly unknown[]; readonly right?: readonly unknown[] };

/** A Metric is an IMetric; the library's types are not written for exactOptionalPropertyTypes. */
const graph = (title: string, width: number, { left, right = [] }: Lines) =>
  new GraphWidget({ title, width, height: 6, left: left as IMetric[], right: right as IMetric[] });

/** A line for each, called by its name. */
const eachOf = <T>(all: Readonly<Record<string, T>>, line: (one: T, label: string) => Metric): readonly Metric[] =>
  Object.entries(all).map(([name, one]) => line(one, name));

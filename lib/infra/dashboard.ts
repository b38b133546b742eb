import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, Metric, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Oversight } from './oversight.ts';
import { SYNC_METRICS } from './watch-syncs.ts';

/** One page that answers five questions: is every district fresh, what is held, what failed, do launches work, what does it cost. */
export function addDashboard(scope: Construct, name: string, oversight: Oversight, cost: readonly IMetric[]): void {
  const day = (metricName: string) => oversight.metric(metricName).with({ period: Duration.days(1) }) as IMetric;
  const value = (title: string, ...metrics: IMetric[]) => new SingleValueWidget({ title, metrics, width: 6 });
  const charges = new Metric({
    namespace: 'AWS/Billing',
    metricName: 'EstimatedCharges',
    dimensionsMap: { Currency: 'USD' },
    statistic: 'Maximum',
    period: Duration.hours(6),
  });
  new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    widgets: [
      [
        value('Is every district fresh? Late today', day(SYNC_METRICS.late)),
        value('Applied today', day(SYNC_METRICS.applied)),
        value('What is held? Today', day(SYNC_METRICS.held)),
        value('What failed? Failed, rejected', day(SYNC_METRICS.failed), day(SYNC_METRICS.rejected)),
      ],
      [
        new GraphWidget({
          title: 'Do launches work?',
          left: [oversight.metric('LaunchesDone') as IMetric, oversight.metric('LaunchesDenied') as IMetric],
          width: 12,
        }),
        new GraphWidget({ title: 'What does it cost? Time of functions', left: [...cost], width: 6 }),
        value('Charges of the account this month, USD', charges as IMetric),
      ],
    ],
  });
}

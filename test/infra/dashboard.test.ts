import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { DISTRICT_GAUGES } from '../../lib/infra/watch-gauges.ts';
import { SYNC_METRICS } from '../../lib/infra/watch-syncs.ts';
import { makeStacks, resources, settings, watch } from './synthesized.ts';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly query?: string;
    readonly alarms?: readonly unknown[];
  };
}

/** A dashboard's body is JSON in pieces; what is known at deployment only is put in by name. */
function widgetsOf(template: Template): readonly Widget[] {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = dashboard?.['Properties'].DashboardBody;
  const parts: readonly unknown[] = body['Fn::Join']?.[1] ?? [body];
  const nameOf = (part: unknown) => JSON.stringify(part).replaceAll('"', "'");
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : nameOf(part))).join('')).widgets;
}

const widgets = widgetsOf(watch);
const titled = (title: RegExp): Widget => {
  const found = widgets.filter(({ properties }) => title.test(properties.title ?? ''));
  expect(found).toHaveLength(1);
  return found[0] as Widget;
};
const namesOf = ({ properties }: Widget) => (properties.metrics ?? []).map(([, name]) => name);
const labelsOf = ({ properties }: Widget) =>
  (properties.metrics ?? []).map((metric) => (metric.at(-1) as { readonly label?: string }).label);
const FUNCTIONS = readdirSync(join(import.meta.dirname, '../../lambdas'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const QUEUES = ['applies', 'notifications', 'plans', 'purges', 'uploads'];

describe('is every district fresh, what is held, what failed', () => {
  test.each([
    [/fresh/, ['DistrictsLateNow', 'DistrictsStaleNow']],
    [/held\? /, ['DistrictsHeldNow']],
    [/failed\? /, ['DistrictsFailedNow']],
    [/^Districts$/, ['Districts']],
  ])('%s: is how it is now, not what happened today', (title, names) => {
    const widget = titled(title);
    expect(namesOf(widget)).toEqual(names);
    for (const metric of widget.properties.metrics ?? []) {
      expect(metric.at(-1)).toMatchObject({ stat: 'Maximum', period: 900 });
    }
  });

  test('each of those numbers is one that the watch says', () => {
    const filters = resources('AWS::Logs::MetricFilter').map(([, { Properties }]) => ({
      pattern: String(Properties['FilterPattern']),
      ...(Properties['MetricTransformations'] as readonly { MetricName: string; MetricValue: string }[])[0],
    }));
    for (const [field, metric] of Object.entries(DISTRICT_GAUGES)) {
      const [filter, ...others] = filters.filter(({ MetricName }) => MetricName === metric);
      expect(others).toEqual([]);
      expect(filter).toMatchObject({ MetricValue: `$.${field}`, pattern: expect.stringContaining(`$.${field} = *`) });
    }
  });

  test('and the logs say which districts they are, by our own ids and nothing else (R22)', () => {
    const queries = widgets.filter(({ type }) => type === 'log').map(({ properties }) => properties.query ?? '');
    expect(queries).toHaveLength(2);
    expect(queries[0]).toMatch(/^SOURCE '\{'Ref':'watchLogs[^|]*\| filter message = "watch-district"/);
    expect(queries[0]).toMatch(/latest\(late\).*latest\(held\).*latest\(failed\).*by districtId/);
    expect(queries[1]).toMatch(/(SOURCE '[^|]*\| ){3}fields .*districtId/);
    for (const type of ['held', 'rejected', 'late', 'failed']) expect(queries[1]).toContain(`"rollcall.sync.${type}"`);
    expect(queries.join()).not.toMatch(/@message|@log\b|parse /);
  });

  test('and what became of syncs is drawn by the day', () => {
    expect(namesOf(titled(/became of syncs/)).sort()).toEqual(Object.values(SYNC_METRICS).sort());
  });
});

describe('does it work', () => {
  test('shows every alarm', () => {
    expect(titled(/^Alarms$/).properties.alarms).toHaveLength(resources('AWS::CloudWatch::Alarm').length);
    // CloudWatch's widget shows no more.
    expect(resources('AWS::CloudWatch::Alarm').length).toBeLessThanOrEqual(100);
  });

  test.each([
    ['errors', /^Errors of functions/, FUNCTIONS],
    ['durations', /Time of functions/, FUNCTIONS],
    ['ages', /^Age of the oldest/, QUEUES],
    ['dead letters', /^Dead letters/, QUEUES],
  ])('shows %s of all there are', (_, title, expected) => {
    expect(labelsOf(titled(title)).sort()).toEqual(expected);
  });

  test('shows launches that worked and that were refused, and how long they take', () => {
    expect(namesOf(titled(/launches work/))).toEqual(['LaunchesDone', 'LaunchesDenied']);
    expect(namesOf(titled(/^Errors of the sign-on/))).toEqual(['5xx', 'Duration']);
  });

  test('leads to the runbook', () => {
    expect(widgets.map(({ properties }) => properties.markdown ?? '').join()).toContain(`(${settings.runbookUrl})`);
  });
});

describe('what does it cost', () => {
  test('shows units of the table and of both indexes, and bytes over SFTP', () => {
    expect(labelsOf(titled(/^Units of the table/))).toEqual([
      ...['read', 'write', 'read gsi1', 'write gsi1', 'read gsi2', 'write gsi2'],
    ]);
    expect(namesOf(titled(/^Bytes over SFTP/))).toEqual(['BytesIn', 'BytesOut']);
  });

  test('shows the bill where AWS counts it, and nowhere else', () => {
    expect(namesOf(titled(/^Charges/))).toEqual(['EstimatedCharges']);
    const text = JSON.stringify(settings).replaceAll('us-east-1', 'eu-west-1');
    const other = widgetsOf(Template.fromStack(makeStacks(JSON.parse(text)).watch));
    expect(other.length).toBe(widgets.length - 1);
    expect(JSON.stringify(other)).not.toContain('AWS/Billing');
  });
});

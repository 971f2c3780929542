/** Which of Inlet's own metrics the alarms and the dashboard of a template look at. */
import { at, type Resource, type StackTemplate } from '../../helpers/template.ts';
import type { Dimensions } from './metric-filters.ts';

export interface MetricUse {
  /** The alarm, or the dashboard's widget. */
  readonly by: string;
  readonly namespace: string;
  readonly name: string;
  /** `SampleCount`, `Sum`, `p90`, … */
  readonly statistic: string;
  /** Values; `*` for each that there is, which a search finds. */
  readonly dimensions: Dimensions;
}

/** @throws Error for a metric that is written in a way that is not known here. */
export function metricUses(template: StackTemplate): readonly MetricUse[] {
  const alarms = template
    .ofType('AWS::CloudWatch::Alarm')
    .flatMap(([id, { Properties }]) => usesOfAlarm(id, Properties));
  const dashboards = template
    .ofType('AWS::CloudWatch::Dashboard')
    .flatMap(([, { Properties }]) => usesOfDashboard(Properties.DashboardBody));
  // What AWS's own services measure is theirs.
  return [...alarms, ...dashboards].filter(({ namespace }) => !namespace.startsWith('AWS/'));
}

interface AlarmMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** An alarm on one metric names it and its statistic itself; one that calculates has a list. */
function usesOfAlarm(id: string, properties: Resource['Properties']): readonly MetricUse[] {
  const metrics = properties.Metrics as
    | readonly { readonly MetricStat?: { readonly Metric: AlarmMetric; readonly Stat: string } }[]
    | undefined;
  const single = { Metric: properties as unknown as AlarmMetric, Stat: String(properties.Statistic) };
  const stats = metrics ? metrics.flatMap(({ MetricStat }) => MetricStat ?? []) : [single];
  return stats.map(({ Metric: { Namespace, MetricName, Dimensions = [] }, Stat }) => ({
    by: id,
    namespace: Namespace,
    name: MetricName,
    statistic: Stat,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, String(Value)])),
  }));
}

type Widget = { readonly properties: { readonly title: string; readonly metrics?: readonly unknown[][] } };

function usesOfDashboard(body: unknown): readonly MetricUse[] {
  // Names of other resources do not matter here.
  const parts = at(body, 'Fn::Join.1') as readonly unknown[];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  const { widgets } = JSON.parse(text) as { widgets: readonly Widget[] };
  return widgets.flatMap(({ properties: { title, metrics = [] } }) =>
    metrics.map((row) => ({ by: title, ...readRow(row) })),
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function readRow(row: readonly unknown[]): Omit<MetricUse, 'by'> {
  const texts = row.filter((part) => typeof part === 'string');
  const [namespace = '', name = '', ...pairs] = texts;
  if (texts.length === 0) return readSearch(String(at(row[0], 'expression')));
  if (pairs.length % 2 > 0 || texts.some((part) => /^\.+$/.test(part)))
    throw new Error(`${JSON.stringify(row)}: not known here`);
  const dimensions = pairs.flatMap((key, n) => (n % 2 === 0 ? [[key, pairs[n + 1]]] : []));
  const statistic = String(at(row.at(-1), 'stat'));
  return { namespace, name, statistic, dimensions: Object.fromEntries(dimensions) };
}

/**
 * `SEARCH('{"namespace",dimension,…} MetricName="…" dimension="…"', 'statistic', seconds)`. A name with anything but
 * letters and digits has to be in quotes
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html).
 */
function readSearch(expression: string): Omit<MetricUse, 'by'> {
  const [, namespace = '', dimensionNames = '', query = '', statistic = ''] =
    /^SEARCH\('\{"([^"]+)",([A-Za-z0-9,]+)\} ([^']+)', '(\w+)', \d+\)$/.exec(expression) ?? [];
  if (namespace === '') throw new Error(`${expression}: not known here`);
  const names = dimensionNames.split(',');
  const values = Object.fromEntries(
    [...query.matchAll(/(\w+)="([^"]+)"/g)].map(([, key, value]) => [key, value]),
  );
  const { MetricName = '', ...given } = values as Record<string, string>;
  const dimensions = Object.fromEntries(names.map((dimension) => [dimension, given[dimension] ?? '*']));
  return { namespace, name: MetricName, statistic, dimensions };
}

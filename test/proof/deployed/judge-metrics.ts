/** Whether the metrics that the filters make out of the lines say what the lines say. */
import type { StackTemplate } from '../../helpers/template.ts';
import { accessLog, EXPECTED } from './access-log.ts';
import type { Row } from './insights.ts';
import { type DataPoint, type Dimensions, dataPoints } from './metric-filters.ts';
import { type MetricUse, metricUses } from './metric-uses.ts';

/** What docs/operations.md promises: these numbers, wherever a line has them, by each of these dimensions. */
const NUMBERS = ['ms', 'age'] as const;
const DIMENSIONS = [['outcome'], ['source', 'outcome'], ['source', 'claim']] as const;

/**
 * Says which metric counts something else, and which is looked at and does not exist.
 * @param logs lines of the functions by log group. Those of the gateway are made here.
 */
export function judgeMetrics(
  template: StackTemplate,
  logs: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const points = dataPoints(template, { ...logs, ...accessLog(template) });
  const rows = Object.values(logs)
    .flat()
    .map((line) => JSON.parse(line) as Row);
  const compare = (name: string, dimensions: readonly string[], of: (row: Row) => boolean) => {
    const metric = points.filter(
      (point) => point.name === name && keysOf(point.dimensions) === keys(dimensions),
    );
    const counted = tally(metric.map((point) => dimensions.map((key) => point.dimensions[key])));
    const wanted = rows.filter((row) => of(row) && dimensions.every((key) => row[key] !== undefined));
    const expected = tally(wanted.map((row) => dimensions.map((key) => row[key])));
    const metricName = `${name} by ${dimensions.join(' and ') || 'nothing'}`;
    return counted === expected ? [] : [`the metric ${metricName} counts ${counted}, not ${expected}`];
  };
  return [
    ...NUMBERS.flatMap((name) =>
      DIMENSIONS.flatMap((dimensions) => compare(name, dimensions, (row) => typeof row[name] === 'number')),
    ),
    ...compare('ms', ['outcome', 'reason'], ({ outcome }) => outcome === 'rejected'),
    ...compare('waited', [], ({ waited }) => typeof waited === 'number'),
    ...compare('rejections', [], ({ outcome }) => outcome === 'rejected'),
    ...compare('misdirected', [], ({ reason }) => reason === 'unknown-source' || reason === 'method'),
    ...compare('unconfirmed', [], ({ message }) => message === 'not confirmed'),
    ...Object.entries(EXPECTED).flatMap(([name, expected]) => {
      const { length } = points.filter((point) => point.name === name);
      return length === expected ? [] : [`the metric ${name} counts ${length} answers, not ${expected}`];
    }),
    ...metricUses(template).flatMap((use) => judgeUse(use, points, rows)),
  ];
}

function judgeUse(use: MetricUse, points: readonly DataPoint[], rows: readonly Row[]): readonly string[] {
  const { by, namespace, name, statistic, dimensions } = use;
  const { length } = points.filter((point) => isOf(use, point));
  const what = `${by} looks at ${namespace} ${name} ${JSON.stringify(dimensions)}`;
  if (length === 0) return [`${what}, which no filter gives`];
  // Whatever number it was taken from: as many as there were of the outcome, or of it for that reason.
  const given = Object.entries(dimensions).filter(([, value]) => value !== '*');
  const wanted = rows.filter((row) => given.every(([key, value]) => row[key] === value)).length;
  return statistic === 'SampleCount' && length !== wanted ? [`${what}: ${length} of ${wanted}`] : [];
}

/** Whether a data point belongs to a metric: the same dimensions, no more and no less. */
function isOf(use: MetricUse, point: DataPoint): boolean {
  return (
    use.namespace === point.namespace &&
    use.name === point.name &&
    keysOf(use.dimensions) === keysOf(point.dimensions) &&
    Object.entries(use.dimensions).every(([key, value]) => value === '*' || value === point.dimensions[key])
  );
}

function keysOf(dimensions: Dimensions): string {
  return keys(Object.keys(dimensions));
}

function keys(names: readonly string[]): string {
  return names.toSorted().join();
}

/** How often each occurs, as text that can be compared and read. */
function tally(values: readonly unknown[]): string {
  const groups = Map.groupBy(values, (value) => JSON.stringify(value));
  const counts = [...groups].map(([value, { length }]) => `${value}: ${length}`);
  return counts.sort().join(', ') || 'nothing';
}

/** Whether the metrics count what the lines say: each filter of infra/metrics.ts, in its own words. */
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { metricData } from '../metric-data.ts';
import { compareCounts, type Difference, tally } from './difference.ts';
import type { Line, Lines, Window } from './lines.ts';
import type { DrillStage } from './stage.ts';

const SAYS = 'docs/operations.md, What it watches itself with';

/** A metric and its dimensions as one text: `ms outcome=accepted source=orders`. */
function metricsOf({ groups }: Lines): readonly string[] {
  const functions = [...groups.ingest, ...groups.worker];
  return [
    ...measured(functions, 'ms'),
    ...measured([...groups.worker, ...groups['dead-letters']], 'age'),
    ...groups.worker.filter(({ waited }) => isNumber(waited)).map(() => 'waited'),
    ...groups.ingest
      .filter(({ outcome, reason, ms }) => outcome === 'rejected' && isText(reason) && isNumber(ms))
      .map(({ reason }) => `ms outcome=rejected reason=${reason}`),
    ...groups.ingest
      .filter(({ source, claim, ms }) => isText(source) && isText(claim) && isNumber(ms))
      .map(({ source, claim }) => `ms source=${source} claim=${claim}`),
    ...functions.filter(({ message }) => message === 'not confirmed').map(() => 'unconfirmed'),
    ...groups.ingest.filter(({ outcome }) => outcome === 'rejected').map(() => 'rejections'),
    ...groups.ingest
      .filter(({ reason }) => reason === 'unknown-source' || reason === 'method')
      .map(() => 'misdirected'),
    ...webhooks(groups.gateway, /^5/).map(() => 'serverErrors'),
    ...webhooks(groups.gateway, /^429$/).map(() => 'throttled'),
  ];
}

function measured(lines: readonly Line[], name: 'ms' | 'age'): readonly string[] {
  return lines
    .filter((line) => isNumber(line[name]) && isText(line.outcome))
    .flatMap(({ source, outcome }) => [
      `${name} outcome=${outcome}`,
      ...(isText(source) ? [`${name} source=${source} outcome=${outcome}`] : []),
    ]);
}

function webhooks(lines: readonly Line[], status: RegExp): readonly Line[] {
  return lines.filter((line) => status.test(String(line.status)) && WEBHOOKS.test(String(line.path)));
}

/** Metrics whose values are times: how many there are is what is compared. */
const TIMES = ['ms', 'age', 'waited'];
const WEBHOOKS = /^\/webhooks\//;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Compares with all lines of the window, whoever has sent the requests. */
export async function compareMetrics(
  stage: Pick<DrillStage, 'cloudwatch' | 'stage'>,
  lines: Lines,
  window: Window,
): Promise<{ readonly differences: readonly Difference[]; readonly metrics: number }> {
  const expected = tally(metricsOf(lines));
  const seen = await countsOf(stage, [...expected.keys()], window);
  const differences = compareCounts(expected, seen, SAYS, (key) => `metric ${key}`);
  return { differences, metrics: expected.size };
}

async function countsOf(
  { cloudwatch, stage }: Pick<DrillStage, 'cloudwatch' | 'stage'>,
  keys: readonly string[],
  window: Window,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const queries = keys.map((key, n) => queryOf(stage.metrics, key, `m${n}`));
  for await (const { Id = '', Values = [] } of metricData(cloudwatch, queries, window)) {
    const key = keys[Number(Id.slice(1))];
    const sum = Values.reduce((total, value) => total + value, 0);
    if (key !== undefined && sum > 0) counts.set(key, (counts.get(key) ?? 0) + sum);
  }
  return counts;
}

function queryOf(Namespace: string, key: string, Id: string): MetricDataQuery {
  const [MetricName = '', ...pairs] = key.split(' ');
  const Dimensions = pairs.map((pair) => {
    const [Name = '', Value = ''] = pair.split('=');
    return { Name, Value };
  });
  const Stat = TIMES.includes(MetricName) ? 'SampleCount' : 'Sum';
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat } };
}

/** What a stage's metrics say of what its ingest has taken in (infra/metrics.ts). */
import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { floorHour, HOUR } from '../functions/api/kept.ts';
import type { Counted } from './counted.ts';
import { metricData } from './metric-data.ts';

/** Metrics come some minutes after their lines; an hour is read when they are surely there. */
const SETTLED_MS = 10 * 60_000;

/**
 * What stands for an entry: each accepted request, but those whose claim was there; and each that wrote a claim and was
 * refused after that, as the provider's repeat finds that claim.
 */
const COUNTS: readonly { readonly name: string; readonly value: string; readonly sign: 1 | -1 }[] = [
  { name: 'outcome', value: 'accepted', sign: 1 },
  { name: 'claim', value: 'again', sign: -1 },
  { name: 'claim', value: 'new', sign: 1 },
];

/**
 * Counts whole hours that have settled.
 * @param namespace of the stage's metrics.
 */
export async function countedByMetrics(
  cloudwatch: CloudWatchClient,
  namespace: string,
  sources: readonly string[],
  hours: number,
  now: number,
): Promise<Counted> {
  const before = floorHour(now - SETTLED_MS);
  const after = before - hours * HOUR;
  const counts = new Map(sources.map((source) => [source, new Map<number, number>()]));
  const wanted = sources.flatMap((source) => COUNTS.map((count) => ({ source, ...count })));
  const queries = wanted.map(({ source, name, value }, n): MetricDataQuery => {
    const Dimensions = [
      { Name: 'source', Value: source },
      { Name: name, Value: value },
    ];
    const Metric = { Namespace: namespace, MetricName: 'ms', Dimensions };
    return { Id: `m${n}`, MetricStat: { Metric, Period: HOUR / 1000, Stat: 'SampleCount' } };
  });
  const time = { from: after, to: before };
  for await (const { Id = '', Timestamps = [], Values = [] } of metricData(cloudwatch, queries, time)) {
    const { source = '', sign = 1 } = wanted[Number(Id.slice(1))] ?? {};
    const own = counts.get(source);
    for (const [n, at] of Timestamps.entries())
      own?.set(at.getTime(), (own.get(at.getTime()) ?? 0) + sign * (Values[n] ?? 0));
  }
  return {
    after,
    before,
    window: { after: after - HOUR, before },
    sources: Object.fromEntries(counts),
  };
}

import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';

/** Queries of one call (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html). */
const MAX_QUERIES = 500;

/**
 * What CloudWatch answers to any number of queries, whose ids differ. A result comes in several parts where it is long.
 * @param from epoch milliseconds, as `to`.
 */
export async function* metricData(
  client: CloudWatchClient,
  queries: readonly MetricDataQuery[],
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<MetricDataResult> {
  const time = { StartTime: new Date(from), EndTime: new Date(to) };
  for (let first = 0; first < queries.length; first += MAX_QUERIES) {
    const MetricDataQueries = queries.slice(first, first + MAX_QUERIES);
    for await (const { MetricDataResults = [] } of paginateGetMetricData(
      { client },
      { ...time, MetricDataQueries },
    ))
      yield* MetricDataResults;
  }
}

/** What a drill cost at list prices, and where the account's bill shows it. */
import prices from '../../infra/prices.json' with { type: 'json' };
import type { Lines, Window } from './lines.ts';
import type { Sent } from './sender.ts';

export interface CostLine {
  /** As the bill names the service. */
  readonly service: string;
  readonly what: string;
  readonly count: number;
  readonly dollars: number;
}

export interface Used {
  readonly sent: readonly Sent[];
  readonly lines: Lines;
  readonly window: Window;
  /** Calls of the drill by operation. */
  readonly calls: ReadonlyMap<string, number>;
  /** Different metrics that log lines were counted in. */
  readonly metrics: number;
  /** Metrics that the stage's alarms look at. */
  readonly alarmMetrics: number;
}

/** Write units of an accepted event, from claim to archive, and calls of SQS (docs/performance.md). */
const WRITES = 5;
const SQS_CALLS = 3;
/** MB, the larger of the two memories that the stack gives (infra/processing.ts): a drill costs rather less than this. */
const MEMORY = 512;
const HOURS_A_MONTH = 730;
const HOUR = 3_600_000;

export function costOf({ sent, lines, window, calls, metrics, alarmMetrics }: Used): readonly CostLine[] {
  const functions = [...lines.groups.ingest, ...lines.groups.worker, ...lines.groups['dead-letters']];
  const events = sent
    .filter(({ outcome }) => outcome === 'accepted')
    .reduce((sum, request) => sum + request.events, 0);
  const milliseconds = functions.reduce((sum, { ms }) => sum + (typeof ms === 'number' ? ms : 0), 0);
  const chunks = sent.reduce((sum, { bytes }) => sum + Math.ceil(bytes / prices.httpApiChunkBytes || 1), 0);
  const count = (service: string) =>
    [...calls].reduce((sum, [name, calls]) => sum + (name.startsWith(`${service}.`) ? calls : 0), 0);
  const logged =
    lines.bytes + (functions.length + lines.groups.gateway.length) * prices.logEventOverheadBytes;
  // A custom metric is billed for each hour in which it got a data point.
  const hours = Math.ceil(window.to / HOUR) - Math.floor(window.from / HOUR);
  const line = (service: string, what: string, count: number, price: number): CostLine => ({
    service,
    what,
    count,
    dollars: count * price,
  });
  return [
    line('API Gateway', 'requests, in chunks of 512 KB', chunks, prices.httpApiRequest),
    line('Lambda', 'invocations, at most one a log line', functions.length, prices.lambdaRequest),
    line('Lambda', 'GB-seconds', (milliseconds / 1000) * (MEMORY / 1024), prices.lambdaGBSecondArm),
    line('DynamoDB', 'write units', events * WRITES, prices.dynamodbWriteUnit),
    line('SQS', 'requests', events * SQS_CALLS + count('SQS'), prices.sqsRequest),
    line('CloudWatch', 'GB of logs', logged / 1e9, prices.logsGB),
    line('CloudWatch', 'metric hours', metrics * hours, prices.customMetricMonth / HOURS_A_MONTH),
    line('CloudWatch', 'metrics read', metrics, prices.metricRead),
    line('CloudWatch', 'requests', count('CloudWatch'), prices.cloudwatchRequest),
    line('CloudWatch', 'metrics that alarms look at, by the month with or without drills', alarmMetrics, 0),
  ];
}

export function alarmsByTheMonth(alarmMetrics: number): number {
  return alarmMetrics * prices.alarmMetricMonth;
}

export const PRICES = `list prices of ${prices.date}, ${prices.region}, no free tier`;

/**
 * Whether every alarm of a template rings at the first thing that it is there for: on a stage that never had one, so
 * that of all metrics only those have data that this one thing brings about.
 */
import { lateAfterSeconds } from '../../../functions/config/config.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { at, type Resource, type StackTemplate } from '../../helpers/template.ts';
import { accessLog } from './access-log.ts';
import { roleOf } from './deployment.ts';
import type { Row } from './insights.ts';
import { type DataPoint, dataPoints } from './metric-filters.ts';
import { calculate } from './metric-math.ts';

/** What happens, in each period that the alarm looks at. */
interface Occasion {
  /** A line like one that was written, so many times. */
  readonly line?: (row: Row) => boolean;
  readonly times?: number;
  /** Fields that the line has then. */
  readonly but?: Row;
  /** What AWS measures then, by `<namespace> <metric> <function or queue>`. */
  readonly measured?: Readonly<Record<string, number>>;
}

const webhook = (status: string) => (row: Row) =>
  row.status === status && String(row.path).startsWith('/webhooks/');
const outcome = (name: string) => (row: Row) => row.outcome === name;
const measured = (metric: string, value: number): Occasion => ({ measured: { [metric]: value } });

const OCCASIONS: Readonly<Record<string, Occasion>> = {
  DeadEvents: { line: outcome('dead') },
  'DeadLetterQueue-visible': measured('AWS/SQS ApproximateNumberOfMessagesVisible DeadLetterQueue', 1),
  // Given only while there are some; the visible ones are 0 then.
  'DeadLetterQueue-hidden': measured('AWS/SQS ApproximateNumberOfMessagesNotVisible DeadLetterQueue', 1),
  Quarantined: { line: outcome('quarantined') },
  EventAge: {
    line: ({ waited }) => typeof waited === 'number',
    but: { waited: lateAfterSeconds(defaultConfig) * 1000 },
  },
  InboxAge: measured('AWS/SQS ApproximateAgeOfOldestMessage InboxQueue', 300),
  ServerErrors: { line: webhook('500'), times: 5, measured: { 'AWS/Lambda Url5xxCount Ingest': 5 } },
  IngestLatency: {
    measured: { 'AWS/Lambda Duration Ingest': 3_000, 'AWS/Lambda UrlRequestLatency Ingest': 3_000 },
  },
  Rejections: {
    line: ({ outcome, reason }) =>
      outcome === 'rejected' && reason !== 'unknown-source' && reason !== 'method',
    times: 21,
    measured: { 'AWS/Lambda Invocations Ingest': 21 },
  },
  'Throttles-ingest': measured('AWS/Lambda Throttles Ingest', 1),
  'Throttles-worker': measured('AWS/Lambda Throttles Worker', 1),
  'Throttles-dead-letters': measured('AWS/Lambda Throttles DeadLetters', 1),
  'Throttles-gateway': { line: webhook('429') },
  UnconfirmedClaims: { line: ({ message }) => message === 'not confirmed', times: 5 },
  HandlerErrors: { line: outcome('failed'), times: 5 },
  StorageErrors: { line: outcome('error'), times: 5 },
  'FunctionErrors-ingest': measured('AWS/Lambda Errors Ingest', 1),
  'FunctionErrors-worker': measured('AWS/Lambda Errors Worker', 1),
  'FunctionErrors-dead-letters': measured('AWS/Lambda Errors DeadLetters', 1),
  EdgeErrors: measured('AWS/CloudFront 5xxErrorRate Front', 5),
  'FirewallBlocks-only-from-tasks': measured('AWS/WAFV2 BlockedRequests only-from-tasks', 5),
  'FirewallBlocks-requests-per-address': measured('AWS/WAFV2 BlockedRequests requests-per-address', 5),
};

/**
 * Says which alarm stays silent, and which rings at nothing that is known here.
 * @param logs lines of the functions by log group. Those of the gateway are made here.
 */
export function judgeAlarms(
  template: StackTemplate,
  logs: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const written = { ...logs, ...accessLog(template) };
  return template.ofType('AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) => {
    const name = String(Properties.AlarmName).replace(/^Inlet-[a-z]+-/, '');
    const occasion = OCCASIONS[name];
    if (!occasion) return [`nobody knows what ${name} rings at`];
    const { line, times = 1, but } = occasion;
    const groups = Object.entries(written).map(([group, lines]) => {
      const like = line && lines.find((text) => line(JSON.parse(text) as Row));
      const text = but && like ? JSON.stringify({ ...(JSON.parse(like) as Row), ...but }) : like;
      return [group, text === undefined ? [] : Array<string>(times).fill(text)] as const;
    });
    const points = dataPoints(template, Object.fromEntries(groups));
    if (line && points.length === 0) return [`${name}: no line like that was written`];
    return judge(name, Properties, points, occasion.measured ?? {});
  });
}

function judge(
  name: string,
  properties: Resource['Properties'],
  points: readonly DataPoint[],
  measured: Readonly<Record<string, number>>,
): readonly string[] {
  try {
    const value = compared(properties, (metric) => dataOf(metric, points, measured));
    const isRinging = value !== undefined && value >= Number(properties.Threshold);
    return isRinging ? [] : [`${name} stays silent at the first: ${value ?? 'no data'}`];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : error}`];
  }
}

interface AlarmMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  /** `Sum`, `SampleCount`, … */
  readonly statistic: string;
}
interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Omit<AlarmMetric, 'statistic'>; readonly Stat: string };
  readonly ReturnData?: boolean;
}

/** What an alarm compares: a metric that it names itself, one of a list, or what it calculates with several. */
function compared(
  properties: Resource['Properties'],
  dataOf: (metric: AlarmMetric) => number | undefined,
): number | undefined {
  const queries = properties.Metrics as readonly Query[] | undefined;
  if (!queries)
    return dataOf({ ...(properties as unknown as AlarmMetric), statistic: String(properties.Statistic) });
  const values = Object.fromEntries(
    queries.flatMap(({ Id, MetricStat: of }) =>
      of ? [[Id, dataOf({ ...of.Metric, statistic: of.Stat })]] : [],
    ),
  );
  const query = queries.find(({ ReturnData }) => ReturnData !== false);
  return calculate(query?.Expression ?? query?.Id ?? '', values);
}

function dataOf(
  { Namespace, MetricName, Dimensions = [], statistic }: AlarmMetric,
  points: readonly DataPoint[],
  measured: Readonly<Record<string, number>>,
): number | undefined {
  if (Namespace.startsWith('AWS/'))
    return measured[`${Namespace} ${MetricName} ${ownerOf(Dimensions[0]?.Value)}`];
  const wanted = JSON.stringify(Dimensions.map(({ Name, Value }) => [Name, Value]).sort());
  const values = points
    .filter(({ namespace, name }) => namespace === Namespace && name === MetricName)
    .filter(({ dimensions }) => JSON.stringify(Object.entries(dimensions).sort()) === wanted)
    .map(({ value }) => value);
  if (values.length === 0) return undefined;
  if (statistic === 'Maximum') return Math.max(...values);
  return statistic === 'SampleCount' ? values.length : values.reduce((sum, value) => sum + value, 0);
}

/** The function, queue or rule that a metric is about: `Worker`, `InboxQueue`. */
function ownerOf(dimension: unknown): string {
  if (typeof dimension === 'string') return dimension;
  return roleOf(String(at(dimension, 'Ref') ?? at(dimension, 'Fn::GetAtt.0')));
}

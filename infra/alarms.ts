/**
 * What somebody is called for. Every alarm has a heading of its name in docs/runbook.md; a test holds that.
 *
 * An alarm on one metric rings at the first data point that the metric ever has. One that calculates with several gets
 * nothing while one of them has no data, and what `FILL` makes of a metric that was never given is not documented
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). So there is one alarm for
 * each metric, by parts of the same name, and a calculation only with what is given whenever the others are.
 */

import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { State } from '../functions/core/states.ts';
import type { AlarmRule } from './alarm-rule.ts';
import { edgeRules } from './edge.ts';
import type { Ingress } from './ingress.ts';
import type { Processing } from './processing.ts';

export interface Watched {
  /** CloudWatch namespace of the stage. */
  readonly namespace: string;
  readonly ingress: Ingress;
  readonly processing: Processing;
  /** An event that comes back so many milliseconds after it was queued is late. */
  readonly lateAfterMs: number;
}

const PERIOD = Duration.minutes(5);

/** How often an outcome was recorded; of rejections on request those for one reason only. */
export function outcomes(namespace: string, outcome: string, reason?: string): Metric {
  return new Metric({
    namespace,
    // What SQS gave up has no time to settle, but an age.
    metricName: outcome === State.dead ? 'age' : 'ms',
    dimensionsMap: { outcome, ...(reason !== undefined && { reason }) },
    statistic: Stats.SAMPLE_COUNT,
    period: PERIOD,
    label: reason ?? outcome,
  });
}

export function alarmRules({ namespace, ingress, processing, lateAfterMs }: Watched): readonly AlarmRule[] {
  const count = (outcome: string, reason?: string) => outcomes(namespace, outcome, reason);
  /** A metric that adds up by itself: one for each line. */
  const lines = (metricName: string) =>
    new Metric({ namespace, metricName, statistic: Stats.SUM, period: PERIOD });
  /** One for each function. */
  const ofFunctions = (metricName: string, rule: Omit<AlarmRule, 'metric' | 'part'>): AlarmRule[] =>
    Object.entries({
      ingest: ingress.ingest,
      worker: processing.worker,
      'dead-letters': processing.deadLetters,
    }).map(([part, fn]) => ({
      ...rule,
      part,
      metric: fn.metric(metricName, { statistic: Stats.SUM, period: PERIOD }),
    }));
  const most = { period: PERIOD, statistic: Stats.MAXIMUM };

  return [
    {
      name: 'DeadEvents',
      meaning: 'An event was given up: its handler failed too often, or for good.',
      metric: count(State.dead),
      from: 1,
    },
    // SQS gives the number of hidden messages only while there are some, so the two cannot be added up
    // (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
    // What cannot be recorded is with the function, or hidden until the next attempt; visible is what nobody fetches.
    ...Object.entries({
      visible: processing.deadLetterQueue.metricApproximateNumberOfMessagesVisible(most),
      hidden: processing.deadLetterQueue.metricApproximateNumberOfMessagesNotVisible(most),
    }).map(
      ([part, metric]): AlarmRule => ({
        name: 'DeadLetterQueue',
        part,
        meaning: 'A message stays on the dead-letter queue: not even its failure can be recorded.',
        metric,
        from: 1,
        periods: 3,
      }),
    ),
    {
      name: 'Quarantined',
      meaning: 'A genuine event cannot be processed as things stand.',
      metric: count(State.quarantined),
      from: 1,
    },
    {
      name: 'InboxAge',
      meaning: 'Events wait longer than five minutes for the worker.',
      metric: processing.inbox.metricApproximateAgeOfOldestMessage(most),
      from: 300,
      periods: 2,
    },
    {
      // InboxAge sees the age of a copy, and what waits for long is copied time and again.
      name: 'EventAge',
      meaning: 'An event comes back again and again, for longer than all its attempts may take.',
      metric: new Metric({ namespace, metricName: 'waited', ...most }),
      from: lateAfterMs,
    },
    {
      name: 'ServerErrors',
      meaning: 'Providers are answered with 5xx: they will try again, and give up some day.',
      // The gateway's own metric counts the console's answers, too. Its access log tells them apart, and unlike
      // ingest's lines it has what never reached the function.
      metric: ingress.isFunctionUrl
        ? ingress.ingest.metric('Url5xxCount', { statistic: Stats.SUM, period: PERIOD })
        : lines('serverErrors'),
      from: 5,
    },
    {
      name: 'IngestLatency',
      meaning:
        'Ingest takes 3 s or more for one request in a hundred, starts of environments left out: providers with a short limit begin to give up.',
      metric: ingress.latency(PERIOD, Stats.percentile(99)),
      from: 3_000,
      periods: 3,
    },
    {
      name: 'Rejections',
      meaning:
        'More than a fifth of the requests, and more than 20, prove nothing: a wrong secret, or an attack.',
      metric: unproven({
        // Not what was accepted: the economy mode has no lines of it.
        requests: ingress.ingest.metricInvocations({ statistic: Stats.SUM, period: PERIOD }),
        rejections: lines('rejections'),
        misdirected: lines('misdirected'),
      }),
      from: 20,
      periods: 2,
    },
    ...ofFunctions('Throttles', {
      name: 'Throttles',
      meaning: 'Lambda has refused to run a function: a limit of the function or of the account is used up.',
      from: 1,
    }),
    ...(ingress.isFunctionUrl
      ? []
      : [
          {
            name: 'Throttles' as const,
            part: 'gateway',
            meaning: 'The gateway has refused a webhook: more than the stage lets through came in a second.',
            metric: lines('throttled'),
            from: 1,
          },
        ]),
    {
      name: 'UnconfirmedClaims',
      meaning: 'Events are on the queue, but the ledger could not be told so.',
      metric: lines('unconfirmed'),
      from: 5,
    },
    {
      name: 'HandlerErrors',
      meaning: 'A handler fails; its events are tried again.',
      metric: count('failed'),
      from: 5,
    },
    {
      name: 'StorageErrors',
      meaning: 'The worker cannot reach DynamoDB, SQS or S3; its events come back.',
      metric: count('error'),
      from: 5,
    },
    ...ofFunctions('Errors', {
      name: 'FunctionErrors',
      meaning: 'A function has crashed, run out of memory or out of time.',
      from: 1,
    }),
    ...(ingress.front ? edgeRules(ingress.front) : []),
  ];
}

/**
 * The share of the requests that prove nothing, in percent, and 0 while they are 20 or fewer. Who asks for what is not
 * there, or by another method, claims to be nobody: such requests count on neither side, so that somebody who tries
 * paths neither rings nor hides a wrong secret. All three numbers are there as soon as one request is rejected: ingest
 * was invoked, and has written a line.
 */
function unproven(
  usingMetrics: Readonly<Record<'requests' | 'rejections' | 'misdirected', IMetric>>,
): MathExpression {
  const refused = 'rejections - misdirected';
  return new MathExpression({
    expression: `IF(${refused} > 20, 100 * (${refused}) / (requests - misdirected), 0)`,
    usingMetrics: { ...usingMetrics },
    period: PERIOD,
    label: '% rejected',
  });
}

/** `Throttles-gateway` */
export function alarmId({ name, part }: AlarmRule): string {
  return part === undefined ? name : `${name}-${part}`;
}

/** The properties that a CloudWatch alarm takes from a rule. */
export function alarmProps({ metric, from, periods = 1 }: AlarmRule) {
  return {
    metric,
    threshold: from,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    // No webhooks, no metrics: that is no fault of Inlet's.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}

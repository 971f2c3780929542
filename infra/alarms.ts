/** What somebody is called for. Every alarm has a heading of its name in docs/runbook.md; a test holds that. */
import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Delivery } from './delivery.ts';
import type { Ingress } from './ingress.ts';

export interface AlarmRule {
  /** Heading in the runbook. */
  readonly name: string;
  /** One sentence: what is wrong when it rings. */
  readonly meaning: string;
  readonly metric: IMetric;
  /** Rings from this value on. */
  readonly from: number;
  /** Periods of five minutes that have to be so, and of how many. Default: one. */
  readonly periods?: number;
}

export interface Watched {
  /** CloudWatch namespace of the stage. */
  readonly namespace: string;
  readonly ingress: Ingress;
  readonly delivery: Delivery;
}

const PERIOD = Duration.minutes(5);

/** How often an outcome was recorded. */
export function outcomes(namespace: string, outcome: string): Metric {
  return new Metric({
    namespace,
    // What SQS gave up has no time to settle, but an age.
    metricName: outcome === 'dead' ? 'age' : 'ms',
    dimensionsMap: { outcome },
    statistic: Stats.SAMPLE_COUNT,
    period: PERIOD,
    label: outcome,
  });
}

export function alarmRules({ namespace, ingress, delivery }: Watched): readonly AlarmRule[] {
  const count = (outcome: string) => outcomes(namespace, outcome);
  const sum = (usingMetrics: Record<string, IMetric>, label: string) =>
    new MathExpression({
      expression: Object.keys(usingMetrics)
        .map((id) => `FILL(${id}, 0)`)
        .join(' + '),
      usingMetrics,
      period: PERIOD,
      label,
    });
  const functions = { ingest: ingress.ingest, worker: delivery.worker, deadLetters: delivery.deadLetters };
  const ofFunctions = (metricName: string) =>
    sum(
      Object.fromEntries(
        Object.entries(functions).map(([id, fn]) => [
          id,
          fn.metric(metricName, { statistic: Stats.SUM, period: PERIOD }),
        ]),
      ),
      metricName,
    );

  return [
    {
      name: 'DeadEvents',
      meaning: 'An event was given up: its handler failed too often, or for good.',
      metric: count('dead'),
      from: 1,
    },
    {
      name: 'DeadLetterQueue',
      meaning: 'A message stays on the dead-letter queue: not even its failure can be recorded.',
      metric: delivery.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: PERIOD,
        statistic: Stats.MAXIMUM,
      }),
      from: 1,
      periods: 3,
    },
    {
      name: 'Quarantined',
      meaning: 'A genuine event cannot be processed as things stand.',
      metric: count('quarantined'),
      from: 1,
    },
    {
      name: 'InboxAge',
      meaning: 'Events wait longer than five minutes for the worker.',
      metric: delivery.inbox.metricApproximateAgeOfOldestMessage({
        period: PERIOD,
        statistic: Stats.MAXIMUM,
      }),
      from: 300,
      periods: 2,
    },
    {
      name: 'ServerErrors',
      meaning: 'Providers are answered with 5xx: they will try again, and give up some day.',
      metric: ingress.serverErrors(PERIOD),
      from: 5,
    },
    {
      name: 'IngestLatency',
      meaning: 'One request in a hundred takes 3 s or more: providers with a short limit begin to give up.',
      metric: ingress.latency(PERIOD, Stats.percentile(99)),
      from: 3_000,
      periods: 3,
    },
    {
      name: 'Rejections',
      meaning:
        'More than a fifth of the requests, and more than 20, prove nothing: a wrong secret, or an attack.',
      metric: new MathExpression({
        expression: 'IF(FILL(r, 0) > 20, 100 * FILL(r, 0) / (FILL(r, 0) + FILL(a, 0) + FILL(d, 0)), 0)',
        usingMetrics: { r: count('rejected'), a: count('accepted'), d: count('duplicate') },
        period: PERIOD,
        label: '% rejected',
      }),
      from: 20,
      periods: 2,
    },
    {
      name: 'Throttles',
      meaning:
        'Lambda has refused to run a function: the concurrency of the account or of the stage is used up.',
      metric: ofFunctions('Throttles'),
      from: 1,
    },
    {
      name: 'UnconfirmedClaims',
      meaning: 'Events are on the queue, but the ledger could not be told so.',
      metric: new Metric({ namespace, metricName: 'unconfirmed', statistic: Stats.SUM, period: PERIOD }),
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
    {
      name: 'FunctionErrors',
      meaning: 'A function has crashed, run out of memory or out of time.',
      metric: ofFunctions('Errors'),
      from: 1,
    },
  ];
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

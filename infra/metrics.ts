/**
 * Metrics without a call, and without a byte in a log line: metric filters read them from the line that a request or
 * an event leaves anyway (docs/decisions/0011-metrics-from-log-lines.md).
 *
 * There are two, in milliseconds: `ms` and `age`. Their dimensions say of what. How often a metric was given (its sample
 * count) is how many events had that outcome, so that one metric is both the count and the time:
 *
 * | outcome | `ms` | `age` |
 * |---|---|---|
 * | accepted, duplicate, handshake, rejected, unavailable | time to acknowledge | |
 * | applied, stale, quarantined, split, busy, failed | time to settle | since the arrival |
 * | error | until it was given back | |
 * | dead | time to settle, unless SQS gave it up | since the arrival |
 */
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface MetricsProps {
  /** CloudWatch namespace of the stage. */
  readonly namespace: string;
  readonly ingest: LogGroup;
  readonly worker: LogGroup;
  readonly deadLetters: LogGroup;
}

/**
 * Dimensions of one metric. `outcome` alone is what alarms look at: an alarm cannot add up the sources by itself. Every
 * value is bounded: sources by the configuration, outcomes and the reasons of a rejection by the code.
 */
const OF_ALL = ['outcome'] as const;
const BY_SOURCE = ['source', 'outcome'] as const;

export class Metrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, { namespace, ingest, worker, deadLetters }: MetricsProps) {
    super(scope, id);
    this.#namespace = namespace;
    for (const dimensions of [OF_ALL, BY_SOURCE]) {
      this.#measure(ingest, 'ms', dimensions);
      this.#measure(worker, 'ms', dimensions);
      this.#measure(worker, 'age', dimensions);
      this.#measure(deadLetters, 'age', dimensions);
    }
    // Of a rejection only: the reason of an unavailability is the name of an error, and those have no bound.
    this.#measure(ingest, 'ms', ['outcome', 'reason'], 'rejected');
    for (const logs of [ingest, worker]) this.#countUnconfirmed(logs);
  }

  /** Takes a number from every line that has it and all dimensions. */
  #measure(logGroup: LogGroup, metricName: string, dimensions: readonly string[], outcome = '*'): void {
    const field = (name: string) => `$.${name}`;
    const present = dimensions.map((name) =>
      FilterPattern.stringValue(field(name), '=', name === 'outcome' ? outcome : '*'),
    );
    new MetricFilter(this, `${logGroup.node.id}-${metricName}-${dimensions.join('-')}`, {
      logGroup,
      filterPattern: FilterPattern.all(...present, FilterPattern.numberValue(field(metricName), '>=', 0)),
      metricNamespace: this.#namespace,
      metricName,
      metricValue: field(metricName),
      dimensions: Object.fromEntries(dimensions.map((name) => [name, field(name)])),
    });
  }

  /** What is on the queue and the ledger does not know it. */
  #countUnconfirmed(logGroup: LogGroup): void {
    new MetricFilter(this, `${logGroup.node.id}-unconfirmed`, {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', 'not confirmed'),
      metricNamespace: this.#namespace,
      metricName: 'unconfirmed',
      metricValue: '1',
    });
  }
}

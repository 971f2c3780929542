/**
 * Metrics without a call, and without a byte in a log line: metric filters read them from the line that a request or
 * an event leaves anyway (docs/decisions/0011-metrics-from-log-lines.md).
 *
 * Two are in milliseconds: `ms` and `age`. Their dimensions say of what. How often a metric was given (its sample
 * count) is how many events had that outcome, so that one metric is both the count and the time:
 *
 * | outcome | `ms` | `age` |
 * |---|---|---|
 * | accepted, duplicate, handshake, rejected, unavailable | time to acknowledge | |
 * | applied, stale, quarantined, split, held, no-time, lease-lost, unknown-source, not-yet, failed | time to settle | since the arrival |
 * | error | until it was given back | since the arrival, of a single event |
 * | dead | time to settle, unless SQS gave it up | since the arrival |
 * | settled-before (a copy), forced (a run that was asked for) | as above | since the arrival |
 *
 * `waited` is how long something has been on the queue that comes back, in milliseconds and without dimensions, as its
 * largest value is looked at: since its message was put there, or the first of those that this one is a copy of. Unlike
 * `age` it begins anew when an operator sends an old event again.
 *
 * `ms` has the dimension `claim` as well: `again` for what was accepted although the ledger had its claim, `new` for a
 * claim that was written and then not acknowledged. Both are rare.
 *
 * The others count lines: `unconfirmed` of the functions, `serverErrors` and `throttled` of the gateway, `rejections`
 * and `misdirected` of ingest. The last two are 0 whenever ingest has written any other line: what an alarm calculates
 * with has to be there all at once, and CloudWatch does not say what it makes of a metric that was never given. A
 * metric with dimensions cannot have such a default
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html).
 */
import { FilterPattern, type IFilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface MetricsProps {
  /** CloudWatch namespace of the stage. */
  readonly namespace: string;
  readonly ingest: LogGroup;
  readonly worker: LogGroup;
  readonly deadLetters: LogGroup;
  /** Of the gateway. */
  readonly access: LogGroup;
}

/**
 * Dimensions of one metric. `outcome` alone is what alarms look at: an alarm cannot add up the sources by itself. Every
 * value is bounded: sources by the configuration, outcomes and the reasons of a rejection by the code.
 */
const OF_ALL = ['outcome'] as const;
const BY_SOURCE = ['source', 'outcome'] as const;

export class Metrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, props: MetricsProps) {
    super(scope, id);
    const { namespace, ingest, worker, deadLetters, access } = props;
    this.#namespace = namespace;
    for (const dimensions of [OF_ALL, BY_SOURCE]) {
      this.#measure(ingest, 'ms', dimensions);
      this.#measure(worker, 'ms', dimensions);
      this.#measure(worker, 'age', dimensions);
      this.#measure(deadLetters, 'age', dimensions);
    }
    this.#measure(worker, 'waited', []);
    // Where an entry and what was accepted are not one to one: `inlet audit --counted`.
    this.#measure(ingest, 'ms', ['source', 'claim']);
    // Of a rejection only: the reason of an unavailability is the name of an error, and those have no bound.
    this.#measure(ingest, 'ms', ['outcome', 'reason'], 'rejected');
    // What is on the queue and the ledger does not know it.
    const unconfirmed = FilterPattern.stringValue('$.message', '=', 'not confirmed');
    for (const logs of [ingest, worker]) this.#count(logs, 'unconfirmed', unconfirmed);
    this.#count(ingest, 'rejections', FilterPattern.stringValue('$.outcome', '=', 'rejected'), 0);
    // Who asks for what is not there, or by another method, claims to be nobody.
    const reasons = ['unknown-source', 'method'].map((reason) =>
      FilterPattern.stringValue('$.reason', '=', reason),
    );
    this.#count(ingest, 'misdirected', FilterPattern.any(...reasons), 0);
    this.#count(access, 'serverErrors', answered('5*'));
    // By the gateway itself: ingest never answers so.
    this.#count(access, 'throttled', answered('429'));
  }

  /** Takes a number from every line that has it and all dimensions. */
  #measure(logGroup: LogGroup, metricName: string, dimensions: readonly string[], outcome = '*'): void {
    const field = (name: string) => `$.${name}`;
    const present = dimensions.map((name) =>
      FilterPattern.stringValue(field(name), '=', name === 'outcome' ? outcome : '*'),
    );
    new MetricFilter(this, [logGroup.node.id, metricName, ...dimensions].join('-'), {
      logGroup,
      filterPattern: FilterPattern.all(...present, FilterPattern.numberValue(field(metricName), '>=', 0)),
      metricNamespace: this.#namespace,
      metricName,
      metricValue: field(metricName),
      ...(dimensions.length > 0 && {
        dimensions: Object.fromEntries(dimensions.map((name) => [name, field(name)])),
      }),
    });
  }

  /** Counts lines. @param defaultValue for a minute with lines of which none is counted. Default: no data. */
  #count(logGroup: LogGroup, metricName: string, filterPattern: IFilterPattern, defaultValue?: number): void {
    new MetricFilter(this, `${logGroup.node.id}-${metricName}`, {
      logGroup,
      filterPattern,
      metricNamespace: this.#namespace,
      metricName,
      metricValue: '1',
      ...(defaultValue !== undefined && { defaultValue }),
    });
  }
}

/** Webhooks in the access log by their status, which is text there. Nobody is called for the console, or a scanner. */
function answered(status: string): IFilterPattern {
  return FilterPattern.all(
    FilterPattern.stringValue('$.status', '=', status),
    FilterPattern.stringValue('$.path', '=', '/webhooks/*'),
  );
}

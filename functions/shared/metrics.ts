/**
 * Metrics without a call and without a line of their own: the log line that a request or an event leaves anyway says
 * to CloudWatch which of its fields are metrics (embedded metric format,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 *
 * There are two, in milliseconds: `ms` and `age`. Their dimensions say of what. How often a metric was given (its sample count) is how
 * many events had that outcome, so that one metric is both the count and the time:
 *
 * | outcome | `ms` | `age` |
 * |---|---|---|
 * | accepted, duplicate, handshake, rejected, unavailable | time to acknowledge | |
 * | applied, stale, quarantined, dead, split, busy, failed, error | time to settle | since the arrival |
 *
 * Every dimension is bounded: sources by the configuration, outcomes and the reasons of a rejection by the code.
 */
import type { LogLine } from './log.ts';

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  /** Without units: each would be 22 bytes in every line. */
  readonly Metrics: readonly { readonly Name: string }[];
}

/** What makes a log line carry metrics. */
export interface Embedded {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
  /** For a line that has nothing to measure: it counts all the same. */
  readonly count?: 1;
}

/** What a line carries, or nothing when it is not about the outcome of a request or an event. */
export type Embed = (line: LogLine, now: number) => Embedded | undefined;

const MEASURED = ['ms', 'age'] as const;

/** @param namespace of the stage's metrics; undefined writes none, as on a laptop. */
export function embeddedMetrics(namespace: string | undefined): Embed {
  if (!namespace) return () => undefined;
  return (line, now) => {
    if (typeof line.outcome !== 'string') return undefined;
    const names = MEASURED.filter((name) => typeof line[name] === 'number');
    const directive: Directive = {
      Namespace: namespace,
      Dimensions: dimensionsOf(line),
      Metrics: (names.length > 0 ? names : ['count']).map((Name) => ({ Name })),
    };
    return {
      ...(names.length === 0 && { count: 1 }),
      _aws: { Timestamp: now, CloudWatchMetrics: [directive] },
    };
  };
}

/** `outcome` alone is what alarms look at: an alarm cannot add up the sources by itself. */
function dimensionsOf({ source, outcome, reason }: LogLine): readonly (readonly string[])[] {
  const sets: string[][] = [['outcome']];
  if (typeof source === 'string') sets.push(['source', 'outcome']);
  // Of a rejection only: the reason of an unavailability is the name of an error, and those have no bound.
  if (outcome === 'rejected' && typeof reason === 'string') sets.push(['outcome', 'reason']);
  return sets;
}

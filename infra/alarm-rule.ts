import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmName } from './alarm-names.ts';

export interface AlarmRule {
  /** Heading in the runbook. */
  readonly name: AlarmName;
  /** What of several things of that name this alarm looks at: `ingest`, `gateway`. */
  readonly part?: string;
  /** One sentence: what is wrong when it rings. */
  readonly meaning: string;
  readonly metric: IMetric;
  /** Rings from this value on. */
  readonly from: number;
  /** Periods of five minutes that have to be so, and of how many. Default: one. */
  readonly periods?: number;
}

/** An alarm of the template, evaluated as CloudWatch documents it. */
import { at as valueAt } from '../../../helpers/template.ts';
import { calculate } from '../metric-math.ts';
import type { MetricId, MetricStore } from './metric-store.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface HistoryItem {
  readonly at: number;
  readonly type: 'StateUpdate' | 'Action';
  readonly summary: string;
}

/** Newest first; undefined where there is no data point. */
type Series = readonly (number | undefined)[];

interface Stat {
  readonly Metric: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  };
  readonly Period: number;
  readonly Stat: string;
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: Stat;
  readonly ReturnData?: boolean;
}

/** How many more periods than it needs an alarm looks back for data points; the documentation's example takes two. */
const FURTHER_BACK = 2;

export class AlarmStandIn {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly history: HistoryItem[] = [];
  state: AlarmState = 'INSUFFICIENT_DATA';
  since = 0;

  /** @param properties resolved. */
  constructor(properties: Readonly<Record<string, unknown>>) {
    this.properties = properties;
  }

  get name(): string {
    return String(this.properties.AlarmName);
  }

  /** Any minute, over windows that end there (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html). */
  evaluate(metrics: MetricStore, now: number): void {
    const { EvaluationPeriods, DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData } =
      this.properties;
    if (ComparisonOperator !== 'GreaterThanOrEqualToThreshold' || TreatMissingData !== 'notBreaching')
      throw new Error(`${this.name}: not known here`);
    const needed = Number(EvaluationPeriods);
    const series = this.#series(metrics, now, needed + FURTHER_BACK);
    // Newest first. Enough real points: the newest of these, and nothing is filled in
    // (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
    const real = series.filter((value) => value !== undefined);
    const looked = real.length >= needed ? real.slice(0, needed) : series.slice(0, needed);
    const breaching = looked.filter((value) => value !== undefined && value >= Number(Threshold)).length;
    this.become(breaching >= Number(DatapointsToAlarm ?? needed) ? 'ALARM' : 'OK', now);
  }

  become(state: AlarmState, now: number): void {
    if (state === this.state) return;
    this.history.push({
      at: now,
      type: 'StateUpdate',
      summary: `Alarm updated from ${this.state} to ${state}`,
    });
    this.state = state;
    this.since = now;
    if (state !== 'ALARM') return;
    for (const action of (this.properties.AlarmActions ?? []) as readonly string[])
      this.history.push({ at: now, type: 'Action', summary: `Successfully executed action ${action}` });
  }

  #series(metrics: MetricStore, now: number, length: number): Series {
    const queries = (this.properties.Metrics ?? [singleQuery(this.properties)]) as readonly Query[];
    const known = new Map<string, Series>();
    const read = ({ MetricStat }: Query) => {
      if (!MetricStat) return;
      const { Stat, Period } = MetricStat;
      const window = (n: number) => [now - (n + 1) * Period * 1000, now - n * Period * 1000] as const;
      return Array.from({ length }, (_, n) => metrics.statistic(idOf(MetricStat), Stat, ...window(n)));
    };
    for (const query of queries) {
      const series = read(query);
      if (series) known.set(query.Id, series);
    }
    const shown = queries.find(({ ReturnData }) => ReturnData !== false);
    if (shown?.Expression === undefined) return known.get(shown?.Id ?? '') ?? [];
    const { Expression } = shown;
    return Array.from({ length }, (_, n) =>
      calculate(Expression, Object.fromEntries([...known].map(([id, series]) => [id, series[n]]))),
    );
  }
}

/** A metric as the API and templates write it. */
export function idOf({ Metric: { Namespace, MetricName, Dimensions = [] } }: Pick<Stat, 'Metric'>): MetricId {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: Namespace, name: MetricName, dimensions };
}

function singleQuery(properties: Readonly<Record<string, unknown>>): Query {
  const Stat = String(properties.Statistic ?? valueAt(properties, 'ExtendedStatistic'));
  const Metric = properties as unknown as Stat['Metric'];
  return { Id: 'only', MetricStat: { Metric, Period: Number(properties.Period), Stat } };
}

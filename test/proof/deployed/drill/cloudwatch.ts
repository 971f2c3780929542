/** CloudWatch's API over the stand-ins, and its clock: alarms are evaluated every minute. */
import type { StackTemplate } from '../../../helpers/template.ts';
import type { Cloud } from '../cloud.ts';
import { AlarmStandIn, type AlarmState, idOf } from './alarm.ts';
import type { MetricStore } from './metric-store.ts';

type Input = Readonly<Record<string, unknown>>;

export class CloudWatchStandIn {
  readonly alarms: readonly AlarmStandIn[];
  readonly #metrics: MetricStore;

  constructor(template: StackTemplate, cloud: Cloud, metrics: MetricStore) {
    this.#metrics = metrics;
    this.alarms = template
      .ofType('AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => new AlarmStandIn(cloud.resolve(Properties) as Input));
  }

  evaluate(now: number): void {
    for (const alarm of this.alarms) alarm.evaluate(this.#metrics, now);
  }

  /** @returns undefined for an action that is not known here. */
  act(action: string, input: Input): unknown {
    const seconds = (time: number) => time / 1000;
    const named = this.alarms.find(({ name }) => name === input.AlarmName);
    switch (action) {
      case 'DescribeAlarms':
        return {
          MetricAlarms: this.alarms
            .filter(({ name }) => name.startsWith(String(input.AlarmNamePrefix)))
            .map(({ properties, state, since }) => ({
              ...properties,
              StateValue: state,
              StateTransitionedTimestamp: seconds(since),
            })),
        };
      case 'DescribeAlarmHistory':
        return {
          AlarmHistoryItems: (named?.history ?? [])
            .filter(({ at }) => seconds(at) >= Number(input.StartDate ?? 0))
            .map(({ at, type, summary }) => ({
              Timestamp: seconds(at),
              HistoryItemType: type,
              HistorySummary: summary,
            })),
        };
      case 'SetAlarmState':
        named?.become(input.StateValue as AlarmState, Date.now());
        return {};
      case 'GetMetricData':
        return {
          MetricDataResults: (input.MetricDataQueries as readonly Query[]).map((query) =>
            this.#read(query, input),
          ),
        };
      default:
        return undefined;
    }
  }

  /** Periods without a data point are left out. */
  #read({ Id, MetricStat }: Query, { StartTime, EndTime }: Input) {
    const values: number[] = [];
    const times: number[] = [];
    const step = MetricStat.Period * 1000;
    for (let from = Number(StartTime) * 1000; from < Number(EndTime) * 1000; from += step) {
      const value = this.#metrics.statistic(idOf(MetricStat), MetricStat.Stat, from, from + step);
      if (value === undefined) continue;
      values.push(value);
      times.push(from / 1000);
    }
    return { Id, Timestamps: times, Values: values, StatusCode: 'Complete' };
  }
}

interface Query {
  readonly Id: string;
  readonly MetricStat: Parameters<typeof idOf>[0] & { readonly Period: number; readonly Stat: string };
}

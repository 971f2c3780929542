/** What CloudWatch remembers of metrics: every value with its time. */
import type { Dimensions } from '../metric-filters.ts';

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

interface Value {
  readonly at: number;
  readonly value: number;
}

export class MetricStore {
  readonly #series = new Map<string, Value[]>();

  add(metric: MetricId, at: number, value: number): void {
    const key = keyOf(metric);
    const series = this.#series.get(key) ?? [];
    series.push({ at, value });
    this.#series.set(key, series);
  }

  /** The statistic of the values in a window, its end left out; undefined without any. */
  statistic(metric: MetricId, statistic: string, from: number, to: number): number | undefined {
    const values = (this.#series.get(keyOf(metric)) ?? [])
      .filter(({ at }) => at >= from && at < to)
      .map(({ value }) => value);
    return values.length === 0 ? undefined : calculate(statistic, values);
  }
}

/** Dimensions are part of a metric's name: exactly these. */
function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

/** @throws Error for a statistic that is not known here. */
function calculate(statistic: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (statistic === 'SampleCount') return values.length;
  if (statistic === 'Sum') return sum;
  if (statistic === 'Average') return sum / values.length;
  if (statistic === 'Maximum') return Math.max(...values);
  const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(statistic) ?? [];
  if (percent === undefined) throw new Error(`the statistic ${statistic} is not known here`);
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((Number(percent) / 100) * sorted.length) - 1)] ?? 0;
}

import { useMemo } from 'preact/hooks';
import type { Row } from '../event-store.ts';
import { Chart } from './chart.tsx';
import { EVENT_STATES } from './state.tsx';

const BARS = 40;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * 1_000,
);
/** Younger than this, a list has no history to show. */
const SHORTEST_MS = 60_000;

/** Events over time, by state: when they came in, and what became of them. */
export function Timeline({ rows, now }: { rows: readonly Row[]; now: number }) {
  const span = Math.max(SHORTEST_MS, now - (rows.at(-1)?.received ?? now));
  const step = STEPS.find((candidate) => candidate * BARS >= span) ?? 86_400_000 * 7;
  const end = Math.floor(now / step) * step;
  const data = useMemo(() => bars(rows, step, end), [rows, step, end]);
  return (
    <Chart data={data} label={`${rows.length} events over time, by state; the counters above say how many`} />
  );
}

function bars(rows: readonly Row[], step: number, end: number) {
  const starts = Array.from({ length: BARS + 1 }, (_, n) => end - (BARS - n) * step);
  const series = EVENT_STATES.map((state) => ({
    name: state,
    values: starts.map(() => 0),
    colours: [`state-${state}`],
  }));
  const byState = new Map<string, number[]>(series.map(({ name, values }) => [name, values]));
  for (const { received, state } of rows) {
    const bar = BARS - Math.floor((end + step - 1 - received) / step);
    const values = byState.get(state);
    if (values && values[bar] !== undefined) values[bar] += 1;
  }
  return {
    labels: starts.map((start) => labelOf(start, step)),
    series: series.filter(({ values }) => values.some(Boolean)),
  };
}

function labelOf(start: number, step: number): string {
  const date = new Date(start);
  if (step >= 86_400_000) return date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  const seconds = step < 60_000 ? { second: '2-digit' as const } : {};
  return date.toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...seconds,
  });
}

import { useEffect, useRef } from 'preact/hooks';
import { onThemeChange } from '../theme.ts';
import type { BarChart, BarData } from './bar-chart.ts';

interface ChartProps {
  readonly data: BarData;
  /** What it shows, in words, for those who cannot see it. */
  readonly label: string;
}

/** A bar chart. Its library comes when the first chart does, after the list is on the screen. */
export function Chart({ data, label }: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<BarChart>(undefined);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    let closed = false;
    import('./bar-chart.ts').then(({ BarChart }) => {
      if (closed || !canvas.current) return;
      chart.current = new BarChart(canvas.current);
      chart.current.show(latest.current);
    });
    const stop = onThemeChange(() => chart.current?.show(latest.current));
    return () => {
      closed = true;
      stop();
      chart.current?.close();
    };
  }, []);
  useEffect(() => chart.current?.show(data), [data]);

  return (
    <div class="chart">
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

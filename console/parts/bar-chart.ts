import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import { colourOf } from '../theme.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

export interface BarData {
  readonly labels: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly number[];
    /** Names of custom properties: one for all bars, or one for each. */
    readonly colours: readonly string[];
  }[];
}

/** Stacked bars in the colours of the page. */
export class BarChart {
  readonly #chart: Chart<'bar', number[], string>;

  constructor(canvas: HTMLCanvasElement) {
    this.#chart = new Chart(canvas, {
      type: 'bar',
      data: { labels: [], datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 24 } },
          y: {
            stacked: true,
            beginAtZero: true,
            border: { display: false },
            ticks: { precision: 0, maxTicksLimit: 5 },
          },
        },
        plugins: { tooltip: { filter: ({ parsed }) => parsed.y !== 0 } },
      },
    });
  }

  show({ labels, series }: BarData): void {
    const { data, options } = this.#chart;
    const text = colourOf('soft');
    const line = colourOf('line');
    data.labels = [...labels];
    data.datasets = series.map(({ name, values, colours }) => ({
      label: name,
      data: [...values],
      backgroundColor: colours.length === 1 ? colourOf(colours[0] ?? 'accent') : colours.map(colourOf),
      maxBarThickness: 48,
      categoryPercentage: 0.9,
      barPercentage: 0.92,
    }));
    for (const scale of [options.scales?.x, options.scales?.y]) {
      if (scale?.ticks) scale.ticks.color = text;
      if (scale?.grid) scale.grid.color = line;
    }
    this.#chart.update('none');
  }

  close(): void {
    this.#chart.destroy();
  }
}

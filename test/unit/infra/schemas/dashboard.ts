import { list, type Properties } from './measure.ts';

/** @throws SyntaxError for a body that is no JSON: CloudWatch refuses it. */
export function widgets({ DashboardBody }: Properties): readonly unknown[] {
  return list(JSON.parse(String(DashboardBody)), 'widgets');
}

/** How many metrics each widget shows. */
export function metrics(dashboard: Properties): readonly number[] {
  return widgets(dashboard).map((widget) => list(widget, 'properties.metrics').length);
}

/** Where the widget ends that reaches farthest to the right. */
export function width(dashboard: Properties): number {
  return Math.max(
    0,
    ...widgets(dashboard).map((widget) => {
      const { x = 0, width = 6 } = widget as { x?: number; width?: number };
      return x + width;
    }),
  );
}

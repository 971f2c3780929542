import type { Findings } from './explore.ts';

const COLUMNS = [22, 30, 10, 8, 9, 11, 9];

function row(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, at) =>
      at < 2 ? String(cell).padEnd(COLUMNS[at] ?? 0) : String(cell).padStart(COLUMNS[at] ?? 0),
    )
    .join(' ');
}

export const HEADER = row([
  'scenario',
  'histories with',
  'histories',
  'faults',
  'steps',
  'violations',
  'seconds',
]);

export function formatRow({ scenario, plan, ...found }: Findings): string {
  const overtaking = Number.isFinite(plan.switches) ? plan.switches : 'all';
  const how = plan.seeds !== undefined ? 'random' : found.exhausted ? 'every' : 'first';
  const extent = `${how}: ≤${plan.faults} faults, ≤${overtaking} switches`;
  return row([scenario.name, extent, ...figures([{ scenario, plan, ...found }])]);
}

export function formatTotal(kind: string, all: readonly Findings[]): string {
  return row([kind, 'in total', ...figures(all)]);
}

function figures(all: readonly Findings[]): (string | number)[] {
  const sum = (value: (one: Findings) => number) => all.reduce((total, one) => total + value(one), 0);
  return [
    sum(({ histories }) => histories),
    sum(({ faults }) => faults),
    sum(({ calls }) => calls),
    sum(({ failures }) => failures.length),
    Math.round(sum(({ milliseconds }) => milliseconds) / 1000),
  ];
}

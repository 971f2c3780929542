import type { Plan } from './explore.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const everywhere = Number.POSITIVE_INFINITY;

export interface Run {
  readonly scenario: Scenario;
  readonly plan: Plan;
}

/** What runs with the tests: a sample of everything, bounded in time. */
export const boundedRuns: readonly Run[] = scenarios.map((scenario) => ({
  scenario,
  plan: {
    faults: 3,
    switches: scenario.kind === 'ingest' ? everywhere : 3,
    seeds: 30,
    milliseconds: 700,
  },
}));

/** What `npm run histories` goes through: every single fault, then many histories with several. */
export const fullRuns: readonly Run[] = scenarios.flatMap((scenario): Run[] =>
  plansOf(scenario).map((plan) => ({ scenario, plan })),
);

/**
 * What `npm run histories -- --deep` goes through: every pair of faults, of ingest with every way in which its copies can
 * overtake each other. It takes hours.
 */
export const deepRuns: readonly Run[] = scenarios.map((scenario) => ({
  scenario,
  plan: { faults: 2, switches: scenario.kind === 'ingest' ? everywhere : 0 },
}));

function plansOf({ name, kind }: Scenario): readonly Plan[] {
  // Each goes through a megabyte several times.
  if (name === 'bodies-copies') return [{ faults: 1, switches: 1, most: 300 }];
  if (kind !== 'ingest') {
    return [
      // Several deliveries and the worker have too many orders to take them all.
      { faults: 1, switches: 0, ...(kind === 'both' && { most: 5_000 }) },
      // Pairs of faults, those first that leave the ordinary course early.
      { faults: 2, switches: 1, most: 500 },
      { faults: 3, switches: 3, seeds: 300 },
    ];
  }
  return [
    { faults: 2, switches: 0 },
    // Two copies overtake each other at every single call.
    { faults: 1, switches: name === 'ingest-copies' ? everywhere : 1 },
    { faults: 3, switches: everywhere, seeds: 300 },
  ];
}

import type { Bug } from '../bug.ts';

const COVERED = 'functions/facts/covered.ts';

/** What nobody signed decides after all. */
export const coverage: readonly Bug[] = [
  {
    name: 'a path that nobody signed makes a new event',
    file: COVERED,
    find: "subpath: coverage.url ? subpath : '',",
    replace: 'subpath,',
    by: ['test/unit/providers/covered.test.ts'],
  },
  {
    name: 'a header that nobody signed decides',
    file: COVERED,
    find: "coverage.headers === 'all' ? headers : coveredHeaders(coverage, headers)",
    replace: 'headers',
    by: ['test/unit/providers/events.test.ts', 'test/unit/providers/covered.test.ts'],
  },
  {
    name: 'a field beside those that are signed decides',
    file: COVERED,
    find: "return body === 'fields' ? sorted(event) : pick(event, body);",
    replace: 'return event;',
    by: ['test/unit/facts/covered.test.ts'],
  },
  {
    name: 'a retry under its own id counts as a repeat',
    file: 'functions/store/ledger/repeats.ts',
    find: 'deliveryId === first || others.includes(deliveryId)',
    replace: 'others.includes(deliveryId)',
    by: ['test/proof/integration/replayed.test.ts'],
  },
];

import { soak } from './soak.ts';
import { soakTable, violationsOf } from './table.ts';

/** Kinds of things that have not happened: a soak that does nothing finds nothing. */
function missing(counts: Readonly<Record<string, number>>): string[] {
  return Object.keys(counts).filter((name) => counts[name] === 0);
}

test('a short soak: nothing lost, applied twice or reported wrong (npm run soak is the long form)', async () => {
  const report = await soak({
    length: { webhooks: 300 },
    kills: 2,
    standInRestarts: 1,
    seed: 3,
    restMs: 100,
    progress: () => {},
  });
  console.log(soakTable(report));
  expect(violationsOf(report)).toEqual([]);
  const { sent, asked, disturbed, verdict } = report;
  const { kills, deployments, standInRestarts, faults } = disturbed;
  const links = ['dynamodb', 'sqs', 's3'].filter((link) =>
    Object.keys(faults).some((fault) => fault.startsWith(link)),
  );
  expect({ kills, deployments, standInRestarts, links }).toEqual({
    kills: 2,
    deployments: 1,
    standInRestarts: 1,
    links: ['dynamodb', 'sqs', 's3'],
  });
  const { redriven, replayed } = asked;
  const { parked } = sent;
  expect(missing({ ...disturbed.changes, ...verdict.runs, ...verdict.outcomes })).toEqual([]);
  expect(missing({ ...asked.done, redriven, replayed, parked, forcedRuns: verdict.forcedRuns })).toEqual([]);
}, 240_000);

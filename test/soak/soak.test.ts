import { soak } from './soak.ts';
import { soakTable, violationsOf } from './table.ts';

test('600 webhooks and 2 kills: nothing lost, nothing applied twice (npm run soak is the long form)', async () => {
  const report = await soak({ webhooks: 600, kills: 2, seed: 3, progress: () => {} });
  console.log(soakTable(report));
  expect(violationsOf(report)).toEqual([]);
  expect(report.kills).toBe(2);
  expect(report.sent.acknowledged.size).toBeGreaterThan(0);
}, 120_000);

import { describeReport, fuzz } from './fuzz.ts';

/** `npm run fuzz` sends 200,000; here as many as leave the other tests their time. */
const REQUESTS = 3_000;

test('altered requests: no exception, no 5xx, none accepted that was altered, none that takes long', async () => {
  const report = await fuzz({ requests: REQUESTS, seed: 'suite' });
  process.stdout.write(`${describeReport(report)}\n`);
  expect(report.failures).toEqual([]);
  const accepted = Object.entries(report.answers).filter(([kind]) => /accepted|duplicate/.test(kind));
  // Without any, the test would not see one that should have been refused.
  expect(accepted.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(100);
}, 120_000);

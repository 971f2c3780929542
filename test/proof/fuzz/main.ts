/** `npm run fuzz -- [requests] [seed]`: the same as the test, with as many requests as one likes. */
import { parseArgs } from 'node:util';
import { describeReport, fuzz } from './fuzz.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [count = '200000', seed = '1'] = positionals;
const requests = Number(count);
const started = Date.now();
const onProgress = (done: number) => {
  if (done % 10_000 === 0)
    process.stderr.write(`${done} of ${requests}, ${Math.round((Date.now() - started) / 1000)} s\n`);
};
const report = await fuzz({ requests, seed, onProgress });
process.stdout.write(`${describeReport(report)}\n`);
process.exitCode = report.failures.length > 0 ? 1 : 0;

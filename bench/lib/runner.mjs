/**
 * Lambda's runtime in short, in a process that has loaded nothing else: imports the bundle that the command line
 * names, says how long that took, and hands each message to its handler. JavaScript, so that Node need not strip
 * types first.
 */
import { pathToFileURL } from 'node:url';

const { href } = pathToFileURL(String(process.argv[2]));
const started = performance.now();
const { handler } = await import(href);
const imported = performance.now() - started;

const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '256',
  getRemainingTimeInMillis: () => Number(process.env.BENCH_REMAINING_MS ?? 10_000),
};

process.on('message', async (event) => {
  const before = performance.now();
  const answer = await handler(event, context).catch((error) => ({ statusCode: 502, error: error.name }));
  const milliseconds = performance.now() - before;
  const { rss, heapUsed } = process.memoryUsage();
  process.send({ answer, imported, milliseconds, rss, heapUsed });
});
process.on('disconnect', () => process.exit());
process.send('ready');

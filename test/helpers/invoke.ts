/**
 * Stands in for Lambda's runtime in a process of its own: imports the bundle named on the command line as a plain
 * file and hands each message to its `handler`.
 */
import { readFileSync } from 'node:fs';
import { END_OF_LINES } from './end-of-lines.ts';

// Where the runtime leaves its store of the invocation's context, when it has one.
const { RUNTIME_TRACE_ID } = process.env;
if (RUNTIME_TRACE_ID)
  Object.assign(globalThis, { awslambda: { InvokeStore: { getXRayTraceId: () => RUNTIME_TRACE_ID } } });

const { handler } = (await import(String(process.argv[2]))) as {
  handler: (event: unknown, context: unknown) => unknown;
};

type Call = { readonly id: number; readonly event: unknown; readonly remainingMs?: number };
type Thaw = { readonly skippedMs: number };

process.on('message', async (message: Call | Thaw) => {
  if ('skippedMs' in message) {
    const clock = Date.now;
    Date.now = () => clock() + message.skippedMs;
    return;
  }
  const { id, event, remainingMs = 60_000 } = message;
  const started = performance.now();
  let answer: unknown;
  let error: string | undefined;
  try {
    answer = await handler(event, { getRemainingTimeInMillis: () => remainingMs });
  } catch (thrown) {
    error = String(thrown);
  }
  process.stdout.write(`${END_OF_LINES}${id}\n`);
  process.send?.({
    id,
    answer,
    error,
    milliseconds: performance.now() - started,
    megabytes: mostMegabytes(),
  });
});
process.send?.('ready');

/**
 * The most memory that this process has had. On Linux `maxRSS` (getrusage(2)) begins with what the process had that
 * started this one, be it ten times as much; `VmHWM` (proc_pid_status(5)) begins with the program.
 */
function mostMegabytes(): number {
  const maxRss = process.resourceUsage().maxRSS;
  if (process.platform !== 'linux') return maxRss / 1024;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes ?? maxRss) / 1024;
}

/**
 * Stands in for Lambda's runtime in a process of its own: imports the bundle named on the command line as a plain
 * file and hands each message to its `handler`.
 */
// Where the runtime leaves its store of the invocation's context, when it has one.
const { RUNTIME_TRACE_ID } = process.env;
if (RUNTIME_TRACE_ID)
  Object.assign(globalThis, { awslambda: { InvokeStore: { getXRayTraceId: () => RUNTIME_TRACE_ID } } });

const { handler } = (await import(String(process.argv[2]))) as {
  handler: (event: unknown, context: unknown) => unknown;
};

process.on('message', async ({ event, remainingMs = 60_000 }: { event: unknown; remainingMs?: number }) => {
  const started = performance.now();
  const answer = await handler(event, { getRemainingTimeInMillis: () => remainingMs });
  process.send?.({ answer, milliseconds: performance.now() - started });
});
process.send?.('ready');

import { pathToFileURL } from 'node:url';

export type LambdaFunction = (event: unknown) => Promise<unknown>;

interface LambdaModule {
  readonly handler: (event: unknown, context: unknown) => Promise<unknown>;
}

/** What Lambda passes beside the event, as far as anything here reads it. */
const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '256',
  logGroupName: 'bench',
  logStreamName: 'bench',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 60_000,
};

/** Imports a bundled function into this process. Its environment is that of the process at this moment. */
export async function loadFunction(file: string): Promise<LambdaFunction> {
  const { handler } = (await import(pathToFileURL(file).href)) as LambdaModule;
  return (event) => handler(event, { ...context });
}

/**
 * Counts what functions write instead of writing it: a log line costs what building it costs, and in
 * Lambda a write to a pipe, which is not worth measuring here.
 */
export async function silenced<T>(work: (written: () => number) => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  const { write: writeError } = process.stderr;
  const { info, log, warn, error } = console;
  let bytes = 0;
  const count = (text: unknown) => {
    bytes += Buffer.byteLength(String(text));
    return true;
  };
  process.stdout.write = count as typeof process.stdout.write;
  process.stderr.write = count as typeof process.stderr.write;
  Object.assign(console, { info: count, log: count, warn: count, error: count });
  try {
    return await work(() => bytes);
  } finally {
    process.stdout.write = write;
    process.stderr.write = writeError;
    Object.assign(console, { info, log, warn, error });
  }
}

/** Tests of single classes on more than one DynamoDB: they take `startTables`, and a file for each engine runs them. */
import { type DynamoEngine, dynalite, type EngineKind } from './engine.ts';

let start = dynalite.start;

/** Starts the tables of a test: on dynalite, unless `runOn` has loaded it. */
export function startTables(): Promise<DynamoEngine> {
  return start();
}

/**
 * Runs test files on an engine, which they share: they must not use the same keys. Where it is missing there is one
 * test that is skipped, with a line that says why.
 * @param files each imports one.
 */
export async function runOn(kind: EngineKind, files: readonly (() => Promise<unknown>)[]): Promise<void> {
  if (isMissing(kind)) return test.skip(kind.name, () => {});
  const engine = await kind.start();
  start = async () => ({ ...engine, close: async () => {} });
  for (const load of files) await load();
  afterAll(engine.close);
}

/** Says why an engine is missing, where it is. */
export function isMissing({ name, missing }: EngineKind): boolean {
  if (missing !== undefined) process.stdout.write(`skipped: nothing runs on ${name}: ${missing}\n`);
  return missing !== undefined;
}

/** Tests of single classes on more than one DynamoDB: they take `startTables`, and a file for each engine runs them. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../../local/dynamodb.ts';
import { type DynamoEngine, dynalite, type EngineKind } from './engine.ts';

let start = dynalite.start;

/** Starts the tables of a test: on dynalite, unless `runOn` has loaded it. */
export function startTables(): Promise<DynamoEngine> {
  return start();
}

export interface OpenTables {
  readonly engine: DynamoEngine;
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

/** The tables of a test, created, with a client. @param maxAttempts default: as the SDK has it. */
export async function openTables(maxAttempts?: number): Promise<OpenTables> {
  const engine = await startTables();
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: engine.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...(maxAttempts !== undefined && { maxAttempts }),
  });
  await createTables(client);
  return {
    engine,
    client,
    close: async () => {
      client.destroy();
      await engine.close();
    },
  };
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

/** Two DynamoDBs that are programs of their own (docs/decisions/0035-engines.md). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineKind } from './engine.ts';
import { runProgram } from './run-program.ts';

const INSTALLED = join(import.meta.dirname, 'binaries/node_modules');
const emulator = join(INSTALLED, 'amplify-dynamodb-simulator/emulator');
const jar = join(emulator, 'DynamoDBLocal.jar');
const dynoxideFile = join(INSTALLED, '@dynoxide/linux-x64/dynoxide');

/** The oldest that it has been tried on, which is also what Amazon asks of its newer versions (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.DownloadingAndRunning.html). */
const JAVA = 17;

/**
 * Amazon's own, a Java program. It listens on every interface of the machine and has no option for another; nothing
 * but tests' data is in it.
 */
export const dynamoDBLocal: EngineKind = {
  name: 'DynamoDB Local',
  missing: existsSync(jar) ? javaMissing() : 'it is not installed, "npm run engines" does that',
  start: () =>
    runProgram('DynamoDB Local', 'java', (port) => [
      // Less memory than Java would take, and less work for the compiler: it lives for a minute.
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      `-Djava.library.path=${join(emulator, 'DynamoDBLocal_lib')}`,
      ...['-jar', jar, '-inMemory', '-disableTelemetry', '-port', String(port)],
    ]),
};

/** Written in Rust on SQLite, by others. */
export const dynoxide: EngineKind = {
  name: 'dynoxide',
  missing: existsSync(dynoxideFile)
    ? undefined
    : 'it is not installed, "npm run engines" does that on Linux on x64, for which alone it is packaged',
  start: () =>
    runProgram('dynoxide', dynoxideFile, (port) => ['--host', '127.0.0.1', '--port', String(port)]),
};

function javaMissing(): string | undefined {
  // `java -version` writes to standard error: openjdk version "17.0.15" 2025-04-15.
  const { stderr = '' } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(stderr ?? '')?.[1]);
  return version >= JAVA ? undefined : `it needs Java ${JAVA} or newer on the PATH`;
}

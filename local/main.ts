/** The local server (`npm start`). The only file here that reads the environment and ends the process. */

import { join, resolve } from 'node:path';
import { loadInlet } from '../config/load.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { consoleAssets } from '../infra/bundle/console.ts';
import { damagedStore, isLevelDBError } from './damaged-store.ts';
import { checkSecrets } from './development-secrets.ts';
import { readEnvironment } from './environment.ts';
import { watchNpm } from './parent.ts';
import { tellFilesRead } from './read-files.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import { type LocalInlet, startLocal } from './stack.ts';
import { StartError } from './start-error.ts';
import { welcome } from './welcome.ts';

/** SIGTERM may take 5 s; what is not done by then is done by the next start. */
const HARD_DEADLINE_MS = 4_500;

async function start(): Promise<void> {
  if (process.send) tellFilesRead((file) => process.send?.({ file }));
  const environment = readEnvironment(process.env);
  const { config, handlers } = await loadInlet();
  for (const warning of checkSecrets(config, environment.secrets))
    process.stderr.write(`Warning: ${warning}\n`);
  explainDamage(join(resolve(environment.data), 'dynamodb'));
  const inlet = await startLocal({ ...environment, config, handlers });
  const key = { port: inlet.port, data: environment.data };
  const { url, token, developmentSecrets } = inlet;
  writeRunFile(key, { url, token, developmentSecrets, pid: process.pid });
  endOnSignals(async () => {
    removeRunFile(key);
    await inlet.stop();
  });
  announce(inlet, environment.token !== undefined);
  process.send?.({ port: inlet.port });
  // Built now, so that the first look at it need not wait. A mistake is shown to whoever opens the page.
  consoleAssets().catch(() => {});
}

/** dynalite reads its tables when they are asked for, and ends the process when one of them is damaged. */
function explainDamage(store: string): void {
  process.on('uncaughtException', (error) => {
    if (isLevelDBError(error)) fail(damagedStore(store, error));
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
}

function announce(inlet: LocalInlet, tokenWasGiven: boolean): void {
  process.stdout.write(`${welcome(inlet, tokenWasGiven)}\n\nready ${inlet.url}\n`);
}

function endOnSignals(stop: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), HARD_DEADLINE_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // Whoever starts it again after a change (inlet dev) is gone.
  process.on('disconnect', end);
  if (process.env.npm_lifecycle_event !== undefined) watchNpm(end);
}

/** Mistakes of the user have a message that says what to do; a stack trace would only hide it. */
function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}
`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof StartError || error instanceof ConfigurationError) return error.message;
  if (!(error instanceof Error)) return `The local server failed: ${error}`;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop the program that has it, or set PORT to another one (0 picks a free one).`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} needs more rights. Set PORT to one above 1023 (0 picks a free one).`;
  return `The local server failed: ${error.message}`;
}

start().catch(fail);

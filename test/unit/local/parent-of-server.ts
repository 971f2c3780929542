/** Starts the local server as npm does and passes its output on, to be killed. Takes the configuration. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const [config = ''] = process.argv.slice(2);
const env = {
  ...process.env,
  npm_lifecycle_event: 'start',
  PORT: '0',
  INLET_DATA: 'memory',
  INLET_CONFIG: config,
};
const main = resolve(import.meta.dirname, '../../../local/main.ts');
const stdio = ['ignore', 'inherit', 'inherit'] as const;
const server = spawn(process.execPath, [main], { env, stdio: [...stdio] });
process.stdout.write(`pid ${server.pid}\n`);

/** `inlet dev`: the local server in a process of its own, which begins anew when what it has read has changed. */
import { type ChildProcess, fork } from 'node:child_process';
import { watchFile } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { watchNpm } from '../local/parent.ts';

const SERVER = join(import.meta.dirname, `../local/main${extname(import.meta.filename)}`);

/** How often files are looked at. An editor may replace a file, which a watch on the file itself would not survive. */
const LOOK_MS = 200;

/** What the server tells: a file of the user's that it has read, or the port that it serves on. */
export type FromServer = { readonly file: string } | { readonly port: number };

/**
 * Runs until it is told to end, or the server does. A mistake in the first configuration ends it; after a change it is
 * printed, and the next change counts.
 */
export function dev(): void {
  const watched = new Set<string>();
  let server: ChildProcess;
  let changed: string | undefined;
  let isEnding = false;
  let port: number | undefined;

  const isRunning = () => server.exitCode === null && server.signalCode === null;

  const start = () => {
    changed = undefined;
    let isReady = false;
    server = fork(SERVER, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      // Where it was before, also when it picked the port itself.
      env: { ...process.env, ...(port !== undefined && { PORT: String(port) }) },
    });
    server.on('message', (message: FromServer) => {
      if ('port' in message) {
        isReady = true;
        port = message.port;
      } else watch(message.file);
    });
    server.on('exit', (code) => {
      if (isEnding) process.exit(code ?? 0);
      if (changed !== undefined) return start();
      if (isReady || port === undefined) process.exit(code ?? 1);
      process.stderr.write('Waiting for a change.\n');
    });
  };

  const watch = (file: string) => {
    if (watched.has(file)) return;
    watched.add(file);
    watchFile(file, { interval: LOOK_MS }, (now, before) => {
      // Gone for a moment while an editor replaces it.
      if (now.mtimeMs === before.mtimeMs || now.mtimeMs === 0 || changed !== undefined || isEnding) return;
      changed = file;
      process.stdout.write(`\n${relative('.', file)} has changed: starting again\n`);
      if (isRunning()) server.kill('SIGTERM');
      else start();
    });
  };

  const end = () => {
    isEnding = true;
    if (isRunning()) server.kill('SIGTERM');
    else process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.env.npm_lifecycle_event !== undefined) watchNpm(end);
  start();
}

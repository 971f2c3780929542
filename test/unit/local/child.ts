import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { waitFor } from '../../helpers/wait-for.ts';

export interface Child {
  readonly process: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Waits until a line of its standard output matches. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const children: { child: ChildProcess; ended: Promise<unknown> }[] = [];
afterAll(async () => {
  for (const { child } of children) child.kill('SIGKILL');
  await Promise.all(children.map(({ ended }) => ended));
});

/** Runs a file of this repository in a process of its own; it is ended with the tests of the file. */
export function runFile(file: string, args: readonly string[], env: Record<string, string> = {}): Child {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../..', file), ...args], {
    // Where the configuration and the handlers of the tests are.
    cwd: resolve(import.meta.dirname, '../../fixtures'),
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    output.stdout += data;
  });
  child.stderr.on('data', (data) => {
    output.stderr += data;
  });
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  children.push({ child, ended });
  const line = (pattern: RegExp) =>
    waitFor(() => pattern.exec(output.stdout), { deadlineMs: 20_000, what: `${pattern} in the output` });
  return { process: child, output, line, ended };
}

/** The local server on a free port; `ready` gives its address once it has printed it. */
export function runServer(env: Record<string, string>): Child & { ready(): Promise<string> } {
  const child = runFile('local/main.ts', [], { PORT: '0', INLET_DATA: 'memory', ...env });
  const ready = async () => {
    const [, url = ''] = await child.line(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
    return url;
  };
  return { ...child, ready };
}

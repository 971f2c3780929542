import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const main = resolve(import.meta.dirname, '../../local/main.ts');
/** Where the configuration and the handlers of the tests are. */
const deployment = resolve(import.meta.dirname, '../fixtures');

/** `npm start` as a process of its own, which can be killed. */
export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it with -9 and waits until it has gone. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM and gives its exit code. */
  terminate(): Promise<number | null>;
}

/**
 * Starts the local server.
 * @throws Error with what it printed when it ends before it is ready.
 */
export async function startServer(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main], {
    cwd: deployment,
    env: { ...process.env, PORT: '0', NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit');
  const printed: string[] = [];
  child.stderr?.on('data', (chunk) => printed.push(String(chunk)));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      printed.push(line);
      const ready = /^ready (http:\S+)$/.exec(line);
      if (ready?.[1]) resolve(ready[1]);
    });
    void gone.then(() => reject(new Error(`the server ended before it was ready:\n${printed.join('\n')}`)));
  });
  return {
    url,
    child,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    terminate: async () => {
      child.kill('SIGTERM');
      const [code] = await gone;
      return code as number | null;
    },
  };
}

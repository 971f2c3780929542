import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Answered {
  readonly answer: { readonly statusCode?: number; readonly error?: string; readonly headers?: object };
  /** Milliseconds of the import and of this invocation. */
  readonly imported: number;
  readonly milliseconds: number;
  readonly rss: number;
  readonly heapUsed: number;
}

/** A bundled function in a fresh process with nothing but its environment. */
export class FreshProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(file: string, environment: Readonly<Record<string, string>>): Promise<FreshProcess> {
    const child = fork(join(import.meta.dirname, 'runner.mjs'), [file], {
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const errors = child.stderr ? text(child.stderr) : Promise.resolve('');
    const ready = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
    ]);
    if (!ready) throw new Error(await errors);
    return new FreshProcess(child);
  }

  async invoke(event: unknown): Promise<Answered> {
    const answered = once(this.#child, 'message');
    this.#child.send(event as object);
    const [answer] = (await answered) as [Answered];
    return answer;
  }

  /** Ends it at once, whatever it is doing. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

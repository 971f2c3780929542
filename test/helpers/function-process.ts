import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { END_OF_LINES } from './end-of-lines.ts';

export interface Invocation {
  readonly answer: APIGatewayProxyStructuredResultV2;
  readonly milliseconds: number;
  /** The most memory that the process has had so far, in MB. */
  readonly megabytes: number;
}

type Answered = Invocation & { readonly error?: string; readonly id: number };

/** A bundled function in a fresh process that has nothing but the bundle and its environment. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  /** What the function has written: on AWS its log. */
  readonly lines: string[] = [];
  #invocations = 0;
  readonly #waiting = new Map<number, (answered: Answered) => void>();
  /** Invocations whose lines are still on their way, which is another than that of their answers. */
  readonly #writing = new Map<number, () => void>();

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: Answered) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.once('exit', () => {
      const error = 'the process has ended';
      for (const [id, answer] of this.#waiting)
        answer({ answer: {}, milliseconds: 0, megabytes: 0, error, id });
      for (const written of this.#writing.values()) written();
    });
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.#take(line));
  }

  #take(line: string): void {
    if (!line.startsWith(END_OF_LINES)) return void this.lines.push(line);
    const id = Number(line.slice(END_OF_LINES.length));
    this.#writing.get(id)?.();
    this.#writing.delete(id);
  }

  /**
   * @param flags of Node, as Lambda's runtime sets them.
   * @throws Error with what the process wrote when it ended instead of being ready.
   */
  static async start(
    file: string,
    environment: Readonly<Record<string, string>>,
    flags: readonly string[] = [],
  ): Promise<FunctionProcess> {
    const child = fork(join(import.meta.dirname, 'invoke.ts'), [file], {
      env: environment,
      execArgv: [...flags],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const errors = child.stderr ? text(child.stderr) : Promise.resolve('');
    const started = new FunctionProcess(child);
    const ready = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
    ]);
    if (!ready) throw new Error(await errors);
    return started;
  }

  /**
   * Ends when the answer is there, and every line that was written until then.
   * @param remainingMs what the runtime says is left of the function's time.
   * @throws Error with what the handler has thrown.
   */
  async invoke(event: unknown, remainingMs?: number): Promise<Invocation> {
    const id = ++this.#invocations;
    const { promise, resolve } = Promise.withResolvers<Answered>();
    const written = Promise.withResolvers<void>();
    this.#waiting.set(id, resolve);
    this.#writing.set(id, written.resolve);
    this.#child.send({ id, event, remainingMs });
    const [{ error, id: _, ...invocation }] = await Promise.all([promise, written.promise]);
    if (error !== undefined) throw new Error(error);
    return invocation;
  }

  /** Stops the process as Lambda does between two invocations: no timer runs, no packet is read, the clock goes on. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** @param skippedMs by how much the process's clock jumps, in place of a freeze that lasted so much longer. */
  thaw(skippedMs = 0): void {
    this.#child.kill('SIGCONT');
    this.#child.send({ skippedMs });
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    // A frozen process hears no other signal.
    this.#child.kill('SIGKILL');
    await ended;
  }
}

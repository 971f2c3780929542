import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export interface Invocation {
  readonly answer: APIGatewayProxyStructuredResultV2;
  readonly milliseconds: number;
}

/** A bundled function in a fresh process that has nothing but the bundle and its environment. */
export class FunctionProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @throws Error with what the process wrote when it ended instead of being ready. */
  static async start(file: string, environment: Readonly<Record<string, string>>): Promise<FunctionProcess> {
    const child = fork(join(import.meta.dirname, 'invoke.ts'), [file], {
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
    return new FunctionProcess(child);
  }

  async invoke(event: unknown): Promise<Invocation> {
    const answered = once(this.#child, 'message');
    this.#child.send({ event });
    const [invocation] = (await answered) as [Invocation];
    return invocation;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}

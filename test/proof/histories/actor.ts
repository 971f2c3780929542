/** One invocation, or whoever else calls AWS in a history, and the calls that it waits for. */
import type { LogLine } from '../../../functions/core/log.ts';

/** A call that its caller waits for. The driver decides whether it happens and what the caller learns. */
export interface Call {
  readonly actor: Actor;
  readonly label: string;
  /** `outside`: what a handler does to the world. */
  readonly service: 'dynamodb' | 'sqs' | 's3' | 'outside';
  /** What else the service may do than what it is asked for: names. */
  readonly otherwise: readonly string[];
  /**
   * Makes it happen, without telling the caller.
   * @param otherwise one of those names.
   * @returns a word on how it went.
   */
  perform(otherwise?: string): Promise<string>;
  /** Tells the caller what came of the last `perform`. */
  answer(): void;
  fail(error: Error): void;
}

export class Actor {
  readonly name: string;
  /** Calls under way, in the order they were made. */
  readonly pending: Call[] = [];
  crashed = false;
  finished = false;

  constructor(name: string) {
    this.name = name;
  }

  get alive(): boolean {
    return !this.crashed && (!this.finished || this.pending.length > 0);
  }

  /** The process is gone: what it had not sent is never sent, and what it waits for never comes. */
  crash(): void {
    this.crashed = true;
    this.pending.length = 0;
  }
}

/** A line of the log, and who wrote it. */
export interface Reported {
  readonly actor: Actor | undefined;
  readonly line: LogLine;
}

/** What came of a call. `answered` is called when its caller learns of it. */
export interface Performed<T> {
  readonly value: T;
  readonly note: string;
  answered?(): void;
}

/** Waits for the driver at the gate of one call. */
export function gateCall<T>(
  actor: Actor,
  about: Pick<Call, 'label' | 'service'> & Partial<Pick<Call, 'otherwise'>>,
  work: (otherwise?: string) => Promise<Performed<T>>,
): Promise<T> {
  // A process that is gone calls nobody.
  if (actor.crashed) return new Promise<T>(() => {});
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const done: Performed<T>[] = [];
  const leave = () => {
    const at = actor.pending.indexOf(call);
    if (at >= 0) actor.pending.splice(at, 1);
  };
  const call: Call = {
    otherwise: [],
    ...about,
    actor,
    async perform(otherwise) {
      const result = await work(otherwise);
      done.push(result);
      return result.note;
    },
    answer() {
      leave();
      // The SDK may have made it twice: its caller learns of both by the last answer.
      for (const one of done) one.answered?.();
      const last = done.at(-1);
      if (last) resolve(last.value);
    },
    fail(error) {
      leave();
      reject(error);
    },
  };
  actor.pending.push(call);
  return promise;
}

import { boundText } from './bounds.ts';

/** How one attempt of a handler failed. */
export interface Failure {
  /** When it ended; epoch milliseconds. */
  readonly at: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** The error's class: `TypeError`. */
  readonly name: string;
  /** Whatever the handler has thrown, which may quote the payload: kept beside it, and in no log. */
  readonly message?: string;
  readonly stack?: string;
}

/** The failures of an event that are kept, in their order: the first and the last of so many. */
export interface Failures {
  readonly count: number;
  readonly kept: readonly Failure[];
}

const MAX_MESSAGE = 1_000;
/** Some thirty lines. */
const MAX_STACK = 3_000;

/** @param took milliseconds. @param at epoch milliseconds. */
export function failureOf(error: unknown, at: number, took: number): Failure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const own = error instanceof Error ? name : typeof error;
  // The stack begins with the message, which need not be said twice.
  const lines = stack?.slice(stack.indexOf('\n    at ') + 1);
  return {
    at,
    ms: took,
    name: boundText(own),
    message: boundText(message, MAX_MESSAGE),
    ...(lines && { stack: boundText(lines, MAX_STACK) }),
  };
}

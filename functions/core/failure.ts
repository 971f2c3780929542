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
  if (!(error instanceof Error))
    return { at, ms: took, name: typeof error, message: boundText(textOf(error), MAX_MESSAGE) };
  // Whoever throws may have put anything into them.
  const [name, message, stack] = [error.name, error.message, error.stack ?? ''].map(textOf) as [
    string,
    string,
    string,
  ];
  // The stack begins with the message, which need not be said twice.
  const lines = stack.slice(stack.indexOf('\n    at ') + 1);
  return {
    at,
    ms: took,
    name: boundText(name),
    message: boundText(message, MAX_MESSAGE),
    ...(lines && { stack: boundText(lines, MAX_STACK) }),
  };
}

/** Text of anything: an object without a prototype has none of its own. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

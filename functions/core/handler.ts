/** What a handler is given, and what it may answer. */
import type { LogLine } from './log.ts';

/** An event as a handler sees it. */
export interface InboxEvent<Payload = unknown> {
  readonly source: string;
  readonly id: string;
  readonly type: string | undefined;
  readonly subject: string;
  /** Decimal text. */
  readonly revision: string;
  readonly tenant: string | undefined;
  /** The parsed body, or the event's part of a batch. */
  readonly payload: Payload;
  /** Names in lower case; those that are known to be harmless, and what `headers` of the source asks for. */
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** Remembers what handlers have done, once per idempotency key. */
export interface Effects {
  /**
   * Records an effect unless its key is known. `data` must be free of secrets: the console shows it.
   * @returns false when it was there already, which is then left as it is.
   */
  record(idempotencyKey: string, handler: string, data: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/**
 * Lines of the function's log. Each names the event by itself (`source`, `id`, `attempt`). `fields` are scalars: whoever
 * reads the log sees them, so no payload and no secret.
 */
export interface HandlerLog {
  debug(message: string, fields?: LogLine): void;
  info(message: string, fields?: LogLine): void;
  warn(message: string, fields?: LogLine): void;
  error(message: string, fields?: LogLine): void;
}

export interface HandlerContext {
  /** The same for every attempt at this event: give it to whatever you call. */
  readonly idempotencyKey: string;
  /**
   * Larger than in every earlier attempt at this event; with `mode: 'latest'`, on this subject. A store that remembers the
   * largest one and refuses smaller ones is safe even from an attempt that wakes up after its lease has run out.
   */
  readonly fence: number;
  /** 1, and one more for each attempt at this event that has failed. A redrive begins anew. */
  readonly attempt: number;
  /**
   * Whether nothing newer is kept of the event's subject, read now: `unknown` where the event has no order, or nothing is
   * kept of its subject. With `mode: 'latest'` that is all there is; with `keepState` what was handled while it was off is not
   * among it.
   */
  isNewest(): Promise<boolean | 'unknown'>;
  /**
   * True when an operator asked to run the handler again although the event has been applied (`inlet replay
   * --force`). The idempotency key is the one of the first time, so that what honours it does nothing twice.
   */
  readonly forced: boolean;
  /** Aborted when the time of the source (`timeoutSeconds`) is up. */
  readonly signal: AbortSignal;
  readonly log: HandlerLog;
  readonly effects: Effects;
}

/**
 * Does something for each event, besides keeping its state. It may run more than once for one event (a crash
 * can always fall between an effect and its record), never twice at the same time; with `mode: 'latest'` or `serial`, never at
 * the same time as another for the same subject.
 * @throws PermanentError to give the event up, RetryAfter to say when to try again; anything else is retried with
 * growing pauses.
 */
export type HandlerFunction<Payload = unknown> = (
  event: InboxEvent<Payload>,
  context: HandlerContext,
) => void | Promise<void>;

/** A handler under its name. */
export interface Handler {
  readonly name: string;
  readonly description?: string;
  readonly handle: HandlerFunction;
}

/** Handlers by the name that a configuration uses. */
export type Handlers = Readonly<Record<string, Handler>>;

/**
 * An error class is a decision: what happens to the event that met it. Expected outcomes (duplicate, stale,
 * held) are values and are never thrown.
 */

const BRAND = Symbol.for('inlet.error');

/** Base of every error that Inlet throws on purpose. `code` is stable and safe to log. */
export class InletError extends Error {
  readonly [BRAND] = true;
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A handler throws this to give an event up at once: it goes to the dead letters and is not tried again. */
export class PermanentError extends InletError {
  constructor(message: string, options?: ErrorOptions) {
    super('permanent', message, options);
  }
}

/** The longest that `RetryAfter` may ask for: 11 hours. SQS hides a message for 12 at most, counted from its receipt. */
const MAX_RETRY_AFTER_SECONDS = 11 * 3_600;

/**
 * A handler throws this to say when to try again, as a service says with `Retry-After` (RFC 9110, section 10.2.3). It counts
 * as a failed attempt.
 */
export class RetryAfter extends InletError {
  /** At least 1, at most 39,600. */
  readonly seconds: number;
  /** @throws RangeError for what is no number of seconds. */
  constructor(
    seconds: number,
    message = `asks to be tried again after ${seconds} s`,
    options?: ErrorOptions,
  ) {
    super('retry-after', message, options);
    if (!(seconds >= 0)) throw new RangeError(`RetryAfter takes a number of seconds, not ${seconds}`);
    this.seconds = Math.min(Math.max(1, Math.ceil(seconds)), MAX_RETRY_AFTER_SECONDS);
  }
}

/** A payload is not what its handler expects: the event is quarantined, and can be redriven once that is mended. */
export class UnfitPayloadError extends InletError {
  constructor(message: string, options?: ErrorOptions) {
    super('unfit-payload', message, options);
  }
}

/** The configuration cannot work. Lists every mistake at once, each with what to write instead. */
export class ConfigurationError extends InletError {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      'configuration',
      `The configuration has ${problems.length} problem(s):\n- ${problems.join('\n- ')}`,
    );
    this.problems = problems;
  }
}

/** A dependency (DynamoDB, SQS, S3, the store of secrets) did not answer in time or refused: the provider is asked to retry. */
export class UnavailableError extends InletError {
  constructor(step: string, options?: ErrorOptions) {
    super('unavailable', `${step} did not succeed in time`, options);
  }
}

/** The archive did not take these envelopes, by `<source>#<id>`. It has all others of the same call. */
export class NotArchivedError extends UnavailableError {
  readonly ids: readonly string[];
  constructor(ids: readonly string[], options?: ErrorOptions) {
    super('archive', options);
    this.ids = ids;
  }
}

/**
 * Whether an error is one of Inlet's. Not by its class: a project may have two copies of the package, one that its handlers
 * throw and one that runs them.
 */
export function isInletError(error: unknown): error is InletError {
  return error instanceof Error && BRAND in error;
}

/** The name of an error for a log line: never its message, which may quote a payload. */
export function errorName(error: unknown): string {
  return error instanceof Error ? String(error.name) : typeof error;
}

/** DynamoDB says so with the status 400. */
const THROTTLED = /Throttl|ThroughputExceeded|RequestLimitExceeded|SlowDown/;

/**
 * Whether AWS did not answer a call, or not now: it may do so some other time. A refusal stays one, and S3 refuses whoever
 * may not list a bucket what is not in it. The SDK marks every error of a call.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof NotArchivedError && error.cause !== undefined) return isPassing(error.cause);
  if (error instanceof UnavailableError) return true;
  if (!(error instanceof Error && '$metadata' in error)) return false;
  const { httpStatusCode: status } = error.$metadata as { readonly httpStatusCode?: number };
  return status === undefined || status >= 500 || status === 429 || THROTTLED.test(error.name);
}

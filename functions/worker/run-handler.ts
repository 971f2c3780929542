import { boundReason } from '../core/bounds.ts';
import { errorName, InletError, isInletError, type RetryAfter } from '../core/errors.ts';
import type { EventFacts } from '../core/facts.ts';
import { failureOf } from '../core/failure.ts';
import type { Attempt } from '../core/fate.ts';
import type { Handler, HandlerContext, InboxEvent } from '../core/handler.ts';
import type { Logger } from '../core/log.ts';
import { State } from '../core/states.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { handlerLog } from './handler-log.ts';
import type { Passage } from './passage.ts';

/** When a handler's time ends and when its lease does: the lease is longer, so that two never overlap. */
export interface HandlerTimes {
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly leaseUntil: number;
  /** Id of the request to run the handler again, where the event has been applied. */
  readonly force?: string | undefined;
  /** Attempts that have failed before, where what is acquired does not count them. */
  readonly failures: number;
}

const TOO_LONG = 'The handler took too long.';

/** What a handler is lent. */
export type Tools = Pick<HandlerContext, 'effects' | 'isNewest'> & {
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/**
 * Runs a handler with effects between acquiring its event or its subject and committing.
 * @param facts of the event as its place has them, for its entry.
 */
export async function runHandler(
  passage: Passage,
  handler: Handler,
  event: InboxEvent,
  times: HandlerTimes,
  { effects, isNewest, logger, now }: Tools,
  facts: EventFacts,
): Promise<Attempt> {
  const { force, leaseUntil } = times;
  const acquired = await passage.acquire(leaseUntil);
  if (acquired.verdict !== 'apply') return passage.refused(acquired);
  const { fence, failures = times.failures } = acquired;

  const attempt = failures + 1;
  const started = now();
  const failed = (error: unknown) => failureOf(error, now(), now() - started);
  const result = await run(handler, event, times, {
    idempotencyKey: ledgerId(event.source, event.id),
    fence,
    attempt,
    log: handlerLog(logger, { source: event.source, id: event.id, attempt }),
    forced: force !== undefined,
    effects,
    isNewest,
  });
  // It may still be running: its lease goes on, so that nobody else starts meanwhile.
  if (result === 'timeout')
    return passage.hang(fence, {
      end: 'failed',
      reason: TOO_LONG,
      failure: failed(new Error(TOO_LONG)),
      leaseUntil,
    });
  if (result === 'done') return passage.succeed(fence);
  return passage.fail(fence, { ...afterError(result.error, facts), failure: failed(result.error) });
}

/** What a failure says of its event: only what Inlet's own errors ask for is more than one more attempt. */
function afterError(error: unknown, facts: EventFacts): Extract<Attempt, { end: 'settled' | 'failed' }> {
  const reason = reasonOf(error);
  const code = isInletError(error) ? error.code : undefined;
  if (code === 'permanent') return { end: 'settled', settlement: { state: State.dead, reason, facts } };
  if (code === 'unfit-payload')
    return { end: 'settled', settlement: { state: State.quarantined, reason, facts } };
  return {
    end: 'failed',
    reason,
    ...(code === 'retry-after' && { retryAfter: (error as RetryAfter).seconds }),
  };
}

async function run(
  handler: Handler,
  event: InboxEvent,
  { timeoutMs }: HandlerTimes,
  context: Omit<HandlerContext, 'signal'>,
): Promise<'done' | 'timeout' | { readonly error: unknown }> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => {
      abort.abort(new InletError('handler-timeout', `the handler ${handler.name} took too long`));
      resolve('timeout');
    }, timeoutMs);
  });
  try {
    const done = (async () => {
      await handler.handle(event, { ...context, signal: abort.signal });
      return 'done' as const;
    })();
    // A handler that fails after its time is up fails for nobody.
    done.catch(() => undefined);
    return await Promise.race([done, timeout]);
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/** Own errors speak to the operator; the message of any other may quote a payload, so only its name is kept. */
function reasonOf(error: unknown): string {
  const reason = isInletError(error) ? error.message : `The handler failed: ${errorName(error)}`;
  return boundReason(reason);
}

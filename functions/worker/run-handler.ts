import { boundReason } from '../core/bounds.ts';
import { errorName, InletError, PermanentError } from '../core/errors.ts';
import type { EventFacts } from '../core/facts.ts';
import type { Attempt } from '../core/fate.ts';
import type { Handler, HandlerContext, InboxEvent } from '../core/handler.ts';
import { State } from '../core/states.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import type { Passage } from './passage.ts';

/** When a handler's time ends and when its lease does: the lease is longer, so that two never overlap. */
export interface HandlerTimes {
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly leaseUntil: number;
  /** Id of the request to run the handler again, where the event has been applied. */
  readonly force?: string | undefined;
}

/**
 * Runs a handler with effects between acquiring its event or its subject and committing.
 * @param facts of the event as its place has them, for its entry.
 */
export async function runHandler(
  passage: Passage,
  handler: Handler,
  event: InboxEvent,
  times: HandlerTimes,
  { effects, isNewest }: Pick<HandlerContext, 'effects' | 'isNewest'>,
  facts: EventFacts,
): Promise<Attempt> {
  const { force, leaseUntil } = times;
  const acquired = await passage.acquire(leaseUntil);
  if (acquired.verdict !== 'apply') return passage.refused(acquired);
  const { fence } = acquired;

  const result = await attempt(handler, event, times, {
    idempotencyKey: ledgerId(event.source, event.id),
    fence,
    forced: force !== undefined,
    effects,
    isNewest,
  });
  // It may still be running: its lease goes on, so that nobody else starts meanwhile.
  if (result === 'timeout')
    return passage.hang(fence, { end: 'failed', reason: 'The handler took too long.', leaseUntil });
  if (result === 'done') return passage.succeed(fence);
  return passage.fail(
    fence,
    result.permanent
      ? { end: 'settled', settlement: { state: State.dead, reason: result.reason, facts } }
      : { end: 'failed', reason: result.reason },
  );
}

async function attempt(
  handler: Handler,
  event: InboxEvent,
  { timeoutMs }: HandlerTimes,
  context: Omit<HandlerContext, 'signal'>,
): Promise<'done' | 'timeout' | { readonly permanent: boolean; readonly reason: string }> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => {
      abort.abort(new InletError('handler-timeout', `the handler ${handler.name} took too long`));
      resolve('timeout');
    }, timeoutMs);
  });
  try {
    const done = handler.handle(event, { ...context, signal: abort.signal }).then(() => 'done' as const);
    // A handler that fails after its time is up fails for nobody.
    done.catch(() => undefined);
    return await Promise.race([done, timeout]);
  } catch (error) {
    return { permanent: error instanceof PermanentError, reason: reasonOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Own errors speak to the operator; the message of any other may quote a payload, so only its name is kept. */
function reasonOf(error: unknown): string {
  const reason = error instanceof InletError ? error.message : `The handler failed: ${errorName(error)}`;
  return boundReason(reason);
}

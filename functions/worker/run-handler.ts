import type { Attempt } from '../core/fate.ts';
import { State } from '../core/states.ts';
import type { Gate, GatedEvent } from '../gate/gate.ts';
import type { EffectStore } from '../handlers/effects.ts';
import type { Handler, HandlerContext, InboxEvent } from '../handlers/handler.ts';
import { ledgerId } from '../ledger/entry.ts';
import { boundReason } from '../shared/bounds.ts';
import { errorName, InletError, PermanentError } from '../shared/errors.ts';
import { afterRefusal, applied } from './project.ts';

/** When a handler's time ends and when its lease does: the lease is longer, so that two never overlap. */
export interface HandlerTimes {
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly leaseUntil: number;
  /** Id of the request to run the handler again, where the event has been applied. */
  readonly force?: string | undefined;
}

/** Runs a handler with effects between acquiring its subject and committing. */
export async function runHandler(
  { gate, effects }: { gate: Gate; effects: EffectStore },
  handler: Handler,
  gated: GatedEvent,
  event: InboxEvent,
  times: HandlerTimes,
): Promise<Attempt> {
  const { force } = times;
  const acquired =
    force === undefined
      ? await gate.acquire(gated, times.leaseUntil)
      : await gate.acquireAgain(gated, force, times.leaseUntil);
  if (acquired.verdict !== 'apply') return afterRefusal(gated, acquired);

  const result = await attempt(handler, event, times, {
    idempotencyKey: ledgerId(event.source, event.id),
    fence: acquired.fence,
    forced: force !== undefined,
    effects,
  });
  if (result === 'timeout') {
    // It may still be running: its lease goes on, so that nobody else starts meanwhile.
    return { end: 'failed', reason: 'The handler took too long.', leaseUntil: times.leaseUntil };
  }
  if (result !== 'done') {
    await gate.release(gated, acquired.fence);
    return result.permanent
      ? { end: 'settled', settlement: { state: State.dead, reason: result.reason, facts: gated.facts } }
      : { end: 'failed', reason: result.reason };
  }
  const committed =
    force === undefined
      ? await gate.commit(gated, acquired.fence)
      : await gate.finishAgain(gated, force, acquired.fence);
  // Our lease had run out and somebody else took over: the gate tells the next attempt what became of it.
  return committed ? applied(gated) : { end: 'lease-lost' };
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

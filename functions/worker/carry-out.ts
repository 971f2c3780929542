import type { SQSRecord } from 'aws-lambda';
import { DEFAULT_ATTEMPTS } from '../config/config.ts';
import { errorName } from '../core/errors.ts';
import { type Attempt, type Fate, fateOf, type Settlement } from '../core/fate.ts';
import type { Logger } from '../core/log.ts';
import { isOneOf, OPEN, State } from '../core/states.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { FailureStore } from '../store/failures.ts';
import type { EntryGate } from '../store/gate/entry-gate.ts';
import { entryOf } from '../store/ledger/entry.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { newToken } from '../store/token.ts';
import type { GiveBack } from './give-back.ts';
import type { Task } from './read-message.ts';
import { waitedFor } from './waited.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly entryGate: Pick<EntryGate, 'release'>;
  readonly archive: Archive;
  readonly failures: FailureStore;
  readonly log: Logger;
  readonly giveBack: GiveBack;
  readonly now: () => number;
  readonly random: () => number;
  /** Whether events are archived that end well. */
  readonly archiveAll: boolean;
}

/** What was done about a message, as the log says it. */
export interface Done {
  /**
   * The event's new state; why it comes back; `settled-before` when another message has settled its event, or will
   * where a redrive has moved it;
   * `forced` for the end of a run that an operator asked for, which changes no state.
   */
  readonly outcome: string;
  readonly reason?: string | undefined;
  /** Whether this very message comes back. */
  readonly returns: boolean;
}

/**
 * Writes down what an attempt came to, and gives the message back where it has to go round again.
 * @throws when DynamoDB or S3 fail: nothing may be concluded then, and the message has to come back.
 */
export async function carryOut(parts: Parts, task: Task, attempt: Attempt): Promise<Done> {
  const { envelope, record } = task;
  await keepFailure(parts, task, attempt);
  // The SDK repeats a write whose answer was lost, and the repeat has to know its own.
  const token = newToken();
  const lease = leaseOf(attempt);
  const attempts = attempt.end === 'failed' ? await recordFailure(parts, task, attempt, token) : undefined;
  if (attempt.end === 'failed' && attempts === undefined && (await isLeaseLost(parts, task, lease)))
    return carryOut(parts, task, { end: 'lease-lost' });
  if (attempt.end === 'forced') await parts.ledger.noteForced(envelope.source, envelope.id, attempt.result);
  const fate = fateOf(attempt, {
    now: parts.now(),
    random: parts.random(),
    receives: receivesOf(record),
    waited: waitedFor(record, parts.now(), envelope),
    forced: envelope.force !== undefined,
    archived: isKept(task, parts.archiveAll),
    attempts,
    limit: ('source' in task && task.source.config.attempts) || DEFAULT_ATTEMPTS,
  });
  switch (fate.kind) {
    case 'settle': {
      const done = await settle(parts, task, fate, token, lease);
      return done ?? carryOut(parts, task, { end: 'lease-lost' });
    }
    case 'over':
      return { outcome: fate.outcome, reason: fate.reason, returns: false };
    case 'return': {
      const isReplaced = await parts.giveBack(record, fate);
      return { outcome: fate.why, reason: fate.reason, returns: !isReplaced };
    }
  }
}

/** Nothing depends on it, so that an event is as well off without. */
async function keepFailure({ failures, log }: Parts, { envelope }: Task, attempt: Attempt): Promise<void> {
  if (!('failure' in attempt) || attempt.failure === undefined) return;
  const { source, id } = envelope;
  try {
    await failures.add(source, id, attempt.failure);
  } catch (error) {
    log.log('WARN', { message: 'failure not kept', source, id, error: errorName(error) });
  }
}

/**
 * Whether a message is archived before anything is done about it. An event by itself without a handler is kept nowhere
 * else.
 */
export function isKept(task: Task, archiveAll: boolean): boolean {
  if (task.kind !== 'event') return task.kind === 'quarantine';
  return archiveAll || (task.facts.gate === 'entry' && task.source.config.handler === undefined);
}

/** How often SQS has handed out a message. */
export function receivesOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount) || 1;
}

/** @returns the failed attempts so far, or undefined when the entry has its outcome. */
async function recordFailure(
  { ledger, now }: Parts,
  { envelope }: Task,
  attempt: Extract<Attempt, { end: 'failed' }>,
  token: string,
): Promise<number | undefined> {
  const { reason, retryAfter } = attempt;
  const attempts = await ledger.recordFailure(entryOf(envelope), reason, token, {
    restores: envelope.force === undefined,
    ...leaseOf(attempt),
    ...(retryAfter !== undefined && { hiddenUntil: now() + retryAfter * 1000 }),
  });
  if (attempts === undefined && envelope.force !== undefined) {
    await ledger.noteForced(envelope.source, envelope.id, reason);
  }
  return attempts;
}

/** Under which an event by itself was handled. */
interface Lease {
  readonly fence: number | undefined;
  /** Its handler hangs, and may still be running. */
  readonly keepsLease: boolean;
}

function leaseOf(attempt: Attempt): Lease {
  const fence = 'fence' in attempt ? attempt.fence : undefined;
  return { fence, keepsLease: attempt.end === 'failed' && attempt.leaseUntil !== undefined };
}

/**
 * Whether what an attempt came to was refused because somebody else has taken its lease over, and not because the event
 * has its outcome. Then its lease is in nobody's way.
 */
async function isLeaseLost(
  { ledger, entryGate }: Parts,
  { envelope }: Task,
  { fence, keepsLease }: Lease,
): Promise<boolean> {
  if (fence === undefined) return false;
  if (!keepsLease) await entryGate.release(envelope, fence);
  const state = (await ledger.look(envelope.source, envelope.id))?.state;
  return state === undefined || isOneOf(OPEN, state);
}

/** @returns undefined when somebody else has taken the lease over under which the handler ran. */
async function settle(
  parts: Parts,
  task: Task,
  { settlement, archive: isLacking }: Extract<Fate, { kind: 'settle' }>,
  token: string,
  lease: Lease,
): Promise<Done | undefined> {
  const { ledger, archive } = parts;
  const { envelope } = task;
  const { state, reason } = settlement;
  const entry = entryOf(envelope, task.kind === 'batch' ? task.items.length : undefined);
  // An entry is dead only once its envelope is there to be redriven.
  if (isLacking) await archive.put([envelope]);
  if (await ledger.settle(entry, settlement, token, { restores: envelope.force === undefined, ...lease }))
    return { outcome: state, reason, returns: false };
  if (await isLeaseLost(parts, task, lease)) return undefined;
  if (envelope.force === undefined) return { outcome: 'settled-before', returns: false };
  const result = forcedResult(task, settlement);
  await ledger.noteForced(envelope.source, envelope.id, result);
  return { outcome: 'forced', reason: result, returns: false };
}

/** How a forced run ended. Its source may have lost its handler since it was asked for. */
function forcedResult(task: Task, { state, reason }: Settlement): string {
  if (state !== State.applied) return `The handler did not run again: ${reason ?? state}`;
  return 'source' in task && task.source.config.handler === undefined
    ? 'The handler did not run again: its source has none any more'
    : 'The handler ran again.';
}

import type { Archive } from '../archive/archive.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { DEFAULT_ATTEMPTS } from '../shared/config.ts';
import { backoffSeconds, busySeconds } from './backoff.ts';
import type { Outcome } from './outcome.ts';
import type { Task } from './read-record.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly now: () => number;
  readonly random: () => number;
  /** Whether events are archived that end well. */
  readonly archiveAll: boolean;
}

/** What was written down, as the log says it. */
export interface Recorded {
  /**
   * The event's new state; `busy`, `unknown-source` and `failed` when it comes back; `settled-before` when a copy of
   * the message had found its outcome; `forced` for the end of a run that an operator asked for, which changes no state.
   */
  readonly outcome: string;
  readonly reason?: string;
  /** Seconds until it comes back. */
  readonly pause?: number;
}

/** Seconds after which a worker is asked again whether it knows the source by now. */
const UNKNOWN_SOURCE_PAUSE = 60;

/** Writes an outcome down. */
export async function recordOutcome(parts: Parts, task: Task, outcome: Outcome): Promise<Recorded> {
  const { archive, now, random, archiveAll, ledger } = parts;
  const { source, key, force } = task.envelope;
  if (outcome.kind === 'busy') return { outcome: 'busy', pause: busySeconds(outcome.until, now(), random()) };
  if (outcome.kind === 'unknown-source') return { outcome: outcome.kind, pause: UNKNOWN_SOURCE_PAUSE };
  if (outcome.kind === 'failed') return recordFailure(parts, task, outcome);
  const { state, reason } = outcome.settlement;
  const isArchived = task.kind === 'quarantine' || (task.kind === 'event' && archiveAll);
  if (state === 'dead' && !isArchived) await archive.put([task.envelope]);
  if (await ledger.settle(source, key, outcome.settlement))
    return { outcome: state, ...(reason !== undefined && { reason }) };
  if (force === undefined) return { outcome: 'settled-before' };
  const result =
    state === 'applied' ? 'The handler ran again.' : `The handler did not run again: ${reason ?? state}`;
  await ledger.noteForced(source, key, result);
  return { outcome: 'forced', reason: result };
}

async function recordFailure(
  { ledger, archive, now, random, archiveAll }: Parts,
  task: Task,
  { reason, leaseUntil = 0 }: Extract<Outcome, { kind: 'failed' }>,
): Promise<Recorded> {
  const { source, key, force } = task.envelope;
  const limit = ('source' in task && task.source.config.attempts) || DEFAULT_ATTEMPTS;
  const leaseSeconds = Math.ceil((leaseUntil - now()) / 1000);
  const again = (attempt: number): Recorded => {
    const pause = Math.max(backoffSeconds(attempt, random()), leaseSeconds);
    return { outcome: 'failed', reason, pause };
  };
  const attempts = await ledger.recordFailure(source, key, reason);
  if (attempts === undefined) {
    if (force === undefined) return { outcome: 'settled-before' };
    // The entry has its outcome and counts nothing any more; the message itself does.
    await ledger.noteForced(source, key, reason);
    const received = Number(task.record.attributes.ApproximateReceiveCount) || 1;
    return received >= limit ? { outcome: 'forced', reason } : again(received);
  }
  if (attempts < limit) return again(attempts);
  if (!archiveAll) await archive.put([task.envelope]);
  const recorded = await ledger.settle(source, key, { state: 'dead', reason, counted: true });
  return recorded ? { outcome: 'dead', reason } : { outcome: 'settled-before' };
}

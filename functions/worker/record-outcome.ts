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

/** Writes an outcome down. Returns the seconds to wait when the event has to come back. */
export async function recordOutcome(parts: Parts, task: Task, outcome: Outcome): Promise<number | undefined> {
  const { ledger, archive, now, random, archiveAll } = parts;
  const { source, key, force } = task.envelope;
  if (outcome.kind === 'busy') return busySeconds(outcome.until, now(), random());
  if (outcome.kind === 'settled') {
    const isArchived = task.kind === 'quarantine' || (task.kind === 'event' && archiveAll);
    if (outcome.settlement.state === 'dead' && !isArchived) await archive.put([task.envelope]);
    const recorded = await ledger.settle(source, key, outcome.settlement);
    if (force !== undefined && !recorded) await ledger.noteForced(source, key, forcedResult(outcome));
    return undefined;
  }
  const attempts = await ledger.recordFailure(source, key, outcome.reason);
  const limit = ('source' in task && task.source.config.attempts) || DEFAULT_ATTEMPTS;
  const leaseSeconds = Math.ceil(((outcome.leaseUntil ?? 0) - now()) / 1000);
  if (attempts === undefined) {
    if (force === undefined) return undefined;
    // The entry has its outcome and counts nothing any more; the message itself does.
    await ledger.noteForced(source, key, outcome.reason);
    const received = Number(task.record.attributes.ApproximateReceiveCount) || 1;
    return received >= limit ? undefined : Math.max(backoffSeconds(received, random()), leaseSeconds);
  }
  if (attempts >= limit) {
    if (!archiveAll) await archive.put([task.envelope]);
    await ledger.settle(source, key, { state: 'dead', reason: outcome.reason, counted: true });
    return undefined;
  }
  return Math.max(backoffSeconds(attempts, random()), leaseSeconds);
}

/** How a forced run ended, in a sentence. */
function forcedResult({ settlement }: Extract<Outcome, { kind: 'settled' }>): string {
  if (settlement.state === 'applied') return 'The handler ran again.';
  return `The handler did not run again: ${settlement.reason ?? settlement.state}`;
}

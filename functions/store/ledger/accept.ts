import { type Envelope, furtherMessage } from '../../core/envelope.ts';
import { errorName } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { Inbox } from '../inbox.ts';
import type { NewEntry } from './entry.ts';
import type { Claim, Ledger } from './ledger.ts';

/** Where one step may take only so long. Each call gives the signal for the step that begins. */
export interface StepSignals {
  claim(): AbortSignal | undefined;
  enqueue(): AbortSignal | undefined;
  confirm(): AbortSignal | undefined;
}

const unbounded: StepSignals = {
  claim: () => undefined,
  enqueue: () => undefined,
  confirm: () => undefined,
};

/**
 * Takes a delivery or an event in: claim, enqueue, confirm. However it is cut short, nothing that was answered
 * with success is missing from the queue:
 *
 * - A claim that is not confirmed is sent again by whoever meets it. That may put up to three copies on the
 *   queue, which the gate drops; a lease in its place would lose events or wear providers out
 *   (`docs/decisions/0001-claim-send-confirm.md`).
 * - A claim is never deleted, because another copy of the delivery may be relying on it.
 * - A failed confirmation changes nothing: the event is on the queue. So does a confirmation left out (`economy`, or where
 *   a handler's lease confirms): until the worker has it, every repeat is sent again.
 *
 * @param confirms whether the confirmation is worth its write (`isToConfirm`).
 * @param onClaim is told how the claim went, also when what follows fails.
 * @throws when the claim or the queue fails: the caller must not acknowledge.
 */
export async function accept(
  { ledger, inbox, log }: { ledger: Ledger; inbox: Inbox; log: Logger },
  entry: NewEntry,
  envelope: Envelope,
  confirms = true,
  signals: StepSignals = unbounded,
  onClaim: (claim: Claim) => void = () => {},
): Promise<'accepted' | 'duplicate'> {
  const { claim, place, repeat } = await ledger.claim(entry, signals.claim());
  onClaim(claim);
  if (claim !== 'duplicate') {
    await inbox.send(claim === 'new' ? envelope : furtherMessage(envelope, place), signals.enqueue());
  }
  if (repeat) {
    await orWarn('repeat not counted', () => ledger.countRepeat(entry, repeat, signals.confirm()));
  }
  if (claim === 'duplicate') return 'duplicate';
  // A claim that nobody was to confirm says nothing of a crash: sent again all the same, it is a repeat.
  if (!ledger.confirms || !confirms) return claim === 'new' ? 'accepted' : 'duplicate';
  await orWarn('not confirmed', () => ledger.confirm(entry.source, entry.id, signals.confirm()));
  return 'accepted';

  /** What may fail without a loss. */
  async function orWarn(message: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      log.log('WARN', { message, source: entry.source, id: entry.id, error: errorName(error) });
    }
  }
}

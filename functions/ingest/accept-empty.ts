import { errorName } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { State } from '../core/states.ts';
import type { NewEntry } from '../store/ledger/entry.ts';
import type { Claim, Ledger } from '../store/ledger/ledger.ts';
import type { Deadline } from './deadline.ts';

/**
 * Takes in a delivery of no events: an empty list, a heartbeat. It is over as soon as the ledger knows it, as a batch
 * that was split into nothing; the queue never sees it.
 * @throws when the claim fails: the caller must not acknowledge.
 */
export async function acceptEmpty(
  { ledger, log }: { readonly ledger: Ledger; readonly log: Logger },
  entry: NewEntry,
  deadline: Deadline,
  onClaim: (claim: Claim) => void = () => {},
): Promise<'accepted' | 'duplicate'> {
  const { claim } = await ledger.claim(entry, deadline.claim());
  onClaim(claim);
  if (claim === 'duplicate') return 'duplicate';
  const { source, id } = entry;
  const outcome = { state: State.split, reason: 'The request carried no event.' };
  try {
    await ledger.settle(entry, outcome, undefined, { signal: deadline.confirm() });
  } catch (error) {
    // There is nothing to lose, and a repeat settles it.
    log.log('WARN', { message: 'not settled', source, id, error: errorName(error) });
  }
  return 'accepted';
}

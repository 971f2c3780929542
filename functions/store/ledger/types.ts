import type { Format } from '../../core/format.ts';
import type { Place } from '../../core/place.ts';
import type { Repeat } from './repeats.ts';

/**
 * `new`: nobody had it. `unconfirmed`: somebody claimed or redrove it and may have crashed before it reached the queue,
 * so it has to be sent again. `duplicate`: it is on the queue or past it.
 */
export type Claim = 'new' | 'unconfirmed' | 'duplicate';

export interface Claimed {
  readonly claim: Claim;
  /** Where the event passes the gate, as whoever claimed or redrove it decided: a further message says the same. */
  readonly place?: Place | undefined;
  /** It was there under another id of the delivery. */
  readonly repeat?: Repeat | undefined;
}

/** What the ledger may do without, and how it writes: see `keeping`. */
export interface LedgerOptions {
  readonly listing: boolean;
  readonly confirmation: boolean;
  readonly format: Format;
}

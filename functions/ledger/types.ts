import type { EventFacts } from '../parsing/describe.ts';
import type { Format } from '../shared/format.ts';

/**
 * `new`: nobody had it. `unconfirmed`: somebody claimed it and may have crashed before it reached the queue, so
 * it has to be sent again. `duplicate`: it is on the queue or past it.
 */
export type Claim = 'new' | 'unconfirmed' | 'duplicate';

/** The outcome of an event, to be written down once. */
export interface Settlement {
  readonly state: 'applied' | 'stale' | 'quarantined' | 'dead' | 'split';
  readonly reason?: string;
  /** What the worker read from the event, which may know more than ingest did. */
  readonly facts?: EventFacts;
  /** True when `recordFailure` has counted this attempt already. */
  readonly counted?: boolean;
}

/** What the ledger may do without, and how it writes: see `keeping`. */
export interface LedgerOptions {
  readonly listing: boolean;
  readonly confirmation: boolean;
  readonly format: Format;
}

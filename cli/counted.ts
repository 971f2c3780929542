import type { Window } from '../functions/api/kept.ts';

/**
 * How many deliveries ingest has taken in that it had not taken in before, apart from the ledger: as its log lines say.
 */
export interface Counted {
  /** Epoch milliseconds: `after` is included, `before` is not. */
  readonly after: number;
  readonly before: number;
  /** What the ledger is to be asked for: an hour more where it was counted, too, as its end may count in the next. */
  readonly window: Window;
  /** By source, then by the beginning of the hour in epoch milliseconds. */
  readonly sources: Readonly<Record<string, ReadonlyMap<number, number>>>;
}

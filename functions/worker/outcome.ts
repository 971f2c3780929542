import type { Settlement } from '../ledger/ledger.ts';

/** What the worker found out about one event. */
export type Outcome =
  | { readonly kind: 'settled'; readonly settlement: Settlement }
  /** Another attempt is at work on the subject until then (epoch milliseconds). */
  | { readonly kind: 'busy'; readonly until: number }
  /** The source is not known here yet. */
  | { readonly kind: 'unknown-source' }
  /** The handler failed in a way that may pass. `leaseUntil`: it hangs, and keeps its subject until then. */
  | { readonly kind: 'failed'; readonly reason: string; readonly leaseUntil?: number };

export function settled(settlement: Settlement): Outcome {
  return { kind: 'settled', settlement };
}

import type { StepSignals } from '../store/ledger/accept.ts';

/**
 * Providers give up after 10 s, some earlier. All AWS calls of a request share this much, so that the answer
 * leaves well before, whatever hangs.
 */
export const TOTAL_BUDGET_MS = 8_000;

/** Confirmation is not worth waiting for: the event is on the queue by then. */
const CONFIRM_BUDGET_MS = 1_000;

/** The time that the AWS calls of one request may take together. */
export class Deadline implements StepSignals {
  readonly #total: AbortSignal;
  readonly #end: number;

  constructor(milliseconds: number = TOTAL_BUDGET_MS) {
    this.#total = AbortSignal.timeout(milliseconds);
    this.#end = performance.now() + milliseconds;
  }

  secrets(): AbortSignal {
    return this.#total;
  }

  handshake(): AbortSignal {
    return this.#total;
  }

  claim(): AbortSignal {
    return this.#total;
  }

  enqueue(): AbortSignal {
    return this.#total;
  }

  confirm(): AbortSignal {
    // One signal for whichever ends first: joining two with `AbortSignal.any` takes three times as long.
    const left = Math.max(0, Math.ceil(this.#end - performance.now()));
    return AbortSignal.timeout(Math.min(CONFIRM_BUDGET_MS, left));
  }
}

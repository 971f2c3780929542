/** One line of `inlet doctor`. */
export interface Check {
  readonly name: string;
  /** `warn`: it works, but perhaps not as meant. */
  readonly verdict: 'ok' | 'warn' | 'wrong';
  readonly message: string;
  /** What to do; only where there is something to do. */
  readonly advice?: string;
}

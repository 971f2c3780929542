/** Lets time pass as a test wants it: the stand-ins in this process (queues, CloudWatch, the drill) all ask `Date.now`. */
export class SimulatedClock {
  readonly #real = Date.now;
  #ahead = 0;

  install(): void {
    Date.now = () => this.#real() + this.#ahead;
  }

  restore(): void {
    Date.now = this.#real;
  }

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}

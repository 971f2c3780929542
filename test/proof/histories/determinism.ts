import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from './actor.ts';

export interface Timer {
  readonly at: number;
  readonly actor: Actor | undefined;
  readonly run: () => void;
}

/** Where every history begins. */
const START = Date.parse('2026-01-01T00:00:00Z');

/**
 * Time and chance in the driver's hand. `Date.now`, `setTimeout` and `Math.random` are replaced while it is
 * installed, because the queue's visibility, a handler's timeout and the pauses between attempts read them from
 * there: nothing sleeps, and the same choices give the same history.
 */
export class HandClock {
  #now = START;
  #timers = new Set<Timer>();
  readonly #actors: AsyncLocalStorage<Actor>;

  constructor(actors: AsyncLocalStorage<Actor>) {
    this.#actors = actors;
  }

  readonly now = (): number => this.#now;

  reset(): void {
    this.#now = START;
    this.#timers.clear();
  }

  /** Timers that are set. A crashed invocation's timers died with it. */
  get timers(): readonly Timer[] {
    return [...this.#timers].filter(({ actor }) => !actor?.crashed).sort((a, b) => a.at - b.at);
  }

  /** Moves on. Timers do not go off by themselves: a process may have been frozen and find its answers first. */
  advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  /** Lets a timer go off. */
  fire(timer: Timer): void {
    if (this.#timers.delete(timer)) timer.run();
  }

  /** @returns what puts the real clock, timers and chance back. */
  install(): () => void {
    const real = { setTimeout, clearTimeout, now: Date.now, random: Math.random };
    const set = (run: (...values: unknown[]) => void, delay = 0, ...values: unknown[]): Timer => {
      const actor = this.#actors.getStore();
      const timer = { at: this.#now + delay, actor, run: () => run(...values) };
      this.#timers.add(timer);
      return timer;
    };
    const clear = (timer: unknown): void => {
      if (!this.#timers.delete(timer as Timer)) real.clearTimeout(timer as NodeJS.Timeout);
    };
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
    Date.now = this.now;
    Math.random = () => 0.5;
    return () => {
      Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
      Date.now = real.now;
      Math.random = real.random;
    };
  }
}

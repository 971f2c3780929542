import { setTimeout as wait } from 'node:timers/promises';

/** The clock of a drill. A test lets half an hour pass in seconds. */
export interface Pace {
  /** Epoch milliseconds. */
  now(): number;
  /** @throws when the drill was interrupted. */
  pause(milliseconds: number): Promise<void>;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

export function realPace(signal: AbortSignal): Pace {
  return {
    now: Date.now,
    pause: async (milliseconds) => void (await wait(milliseconds, undefined, { signal })),
  };
}

/**
 * Asks again and again until the answer is neither undefined nor false.
 * @returns undefined when the time is over first.
 */
export async function until<Value>(
  pace: Pace,
  limit: number,
  interval: number,
  ask: () => Promise<Value | undefined | false>,
): Promise<Value | undefined> {
  const deadline = pace.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (pace.now() >= deadline) return undefined;
    await pace.pause(interval);
  }
}

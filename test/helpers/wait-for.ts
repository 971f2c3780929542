import { setTimeout as pause } from 'node:timers/promises';

const INTERVAL_MS = 10;

/**
 * Asks again and again until the answer is truthy.
 * @throws Error when the deadline passes first; it names what was waited for and how the last question failed.
 */
export async function waitFor<Value>(
  predicate: () => Value | Promise<Value>,
  {
    deadlineMs = 10_000,
    what = 'the condition',
    intervalMs = INTERVAL_MS,
  }: { deadlineMs?: number; what?: string; intervalMs?: number } = {},
): Promise<Exclude<NonNullable<Value>, false>> {
  const deadline = performance.now() + deadlineMs;
  let failure: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await predicate();
      if (value) return value as Exclude<NonNullable<Value>, false>;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await pause(intervalMs);
  }
  throw new Error(`${what} did not come true within ${deadlineMs} ms`, { cause: failure });
}

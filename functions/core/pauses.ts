/** SQS takes delays and visibility timeouts in whole seconds; a message is hidden for 12 h at most. */
const MAX_BACKOFF_SECONDS = 900;

/**
 * Pause before the next attempt, in seconds: doubled each time from 1 s to 15 min, between half and the whole
 * of that at random, so that events that failed together do not come back together.
 * @param attempt number of the attempt that failed, from 1
 * @param random from 0 up to 1
 */
export function backoffSeconds(attempt: number, random: number): number {
  const ceiling = Math.min(MAX_BACKOFF_SECONDS, 2 ** Math.min(attempt - 1, 20));
  return Math.max(1, Math.ceil(ceiling * (0.5 + random / 2)));
}

/** Seconds until the last of so many attempts is over by itself, however the pauses between them fall. */
export function longestRetries(attempts: number, secondsEach: number): number {
  const pauses = Array.from({ length: attempts - 1 }, (_, n) => backoffSeconds(n + 1, 1));
  return pauses.reduce((total, pause) => total + pause, attempts * secondsEach);
}

/** How long a held subject is left alone: until its lease ends, but looked at again often. */
export function heldSeconds(leaseUntil: number, now: number, random: number): number {
  const rest = Math.ceil((leaseUntil - now) / 1000);
  return Math.min(Math.max(rest, 1), 1 + Math.ceil(random * 4));
}

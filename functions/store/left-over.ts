/** With the pauses between them, from 25 ms doubled to 1.6 s, at most 3.2 s: far less than any function has. */
const MAX_REQUESTS = 8;
const FIRST_PAUSE_MS = 25;

/** By the global timer, so that whoever has the clock in hand has this pause, too. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Sends a batch and then what DynamoDB has left over of it, which means throttled or too much for one answer: after
 * growing pauses, because asking again at once would only be throttled again
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/programming-with-errors.html#BatchOperations).
 * @param send gives what was left over.
 * @returns what is still left over when there was time enough.
 */
export async function sendUntilDone<T>(
  batch: readonly T[],
  send: (batch: T[]) => Promise<readonly T[] | undefined>,
): Promise<readonly T[]> {
  let left = batch;
  for (let request = 1; left.length > 0 && request <= MAX_REQUESTS; request++) {
    // Between half and the whole of it, so that those that were throttled together do not come back together.
    if (request > 1) await pause(FIRST_PAUSE_MS * 2 ** (request - 2) * (0.5 + Math.random() / 2));
    left = (await send([...left])) ?? [];
  }
  return left;
}

import { ApiError } from './api-error.ts';
import type { Entry } from './entry.ts';
import { requireEntry } from './get-event.ts';
import type { Reader } from './reader.ts';
import type { ReplayResult } from './types.ts';

/**
 * Sends an event through the worker again, with the same gates: what was applied is not applied twice, and what is
 * stale stays stale. A quarantined or dead event goes back in flight.
 * @throws ApiError 404, or 409 when its payload is not kept any more.
 */
export async function replayEvent(reader: Reader, source: string, key: string): Promise<ReplayResult> {
  const entry = await requireEntry(reader, source, key);
  if (entry.state === 'split') {
    throw new ApiError(409, `${key} of ${source} is a batch that was split: replay its events one by one`);
  }
  const state = await sendAgain(reader, entry);
  return { source, id: key, was: entry.state, state };
}

/**
 * Puts the archived envelope of an entry on the queue.
 *
 * A quarantined or dead entry is reopened first, because the worker does not touch an entry with an outcome; so two
 * redrives at once send it once. When sending fails the old outcome is put back, so that it can be found and tried
 * again. Should the process end in between, the audit names the entry, and a replay sends it.
 * @returns the state that the entry is in now.
 * @throws ApiError 409 when the payload is not kept any more; the error of SQS or S3.
 */
export async function sendAgain(reader: Reader, entry: Entry): Promise<string> {
  const { source, key } = entry;
  const envelope = await reader.archive.get(source, key);
  if (!envelope) {
    throw new ApiError(
      409,
      `the payload of ${key} of ${source} is not archived (any more): ask the provider to send it`,
    );
  }
  const dead = entry.state === 'dead' || entry.state === 'quarantined' ? entry.state : undefined;
  // Somebody else was faster, and sends it.
  if (dead && !(await reader.ledger.reopen(source, key))) return 'queued';
  try {
    await reader.inbox.send(envelope);
  } catch (error) {
    if (dead) await putBack(reader, entry, dead);
    throw error;
  }
  return dead ? 'queued' : entry.state;
}

async function putBack(
  { ledger }: Reader,
  { source, key, reason }: Entry,
  state: 'dead' | 'quarantined',
): Promise<void> {
  await ledger.settle(source, key, { state, counted: true, ...(reason !== undefined && { reason }) });
}
